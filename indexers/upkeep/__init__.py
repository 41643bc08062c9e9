"""Collections as a whole: export, import, copy, rebuild."""
