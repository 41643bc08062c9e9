"""Encoders: texts in; dense, sparse and token vectors out."""
