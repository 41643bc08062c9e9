"""Models that sentence-transformers runs: dense, sparse and multi-vector."""
