"""Pure functions on arrays and rankings: fusion and late interaction."""
