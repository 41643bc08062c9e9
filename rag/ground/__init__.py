"""Sentences, and whether the evidence supports them."""
