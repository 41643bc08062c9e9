"""Trident: hybrid retrieval, late-interaction reranking and checked answers."""
