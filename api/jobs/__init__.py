"""Indexing in the background: what is to be indexed is kept before the client is answered."""
