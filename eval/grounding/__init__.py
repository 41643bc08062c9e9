"""How well answers are checked, corrected and withheld."""
