"""Numbers, dates, names, quotations and negation: what must be in the evidence as it is said."""
