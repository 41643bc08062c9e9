"""MiniLM with a light adapter and small heads: dense, terms and token vectors in one pass."""
