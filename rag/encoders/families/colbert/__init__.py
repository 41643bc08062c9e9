"""ColBERT checkpoints in Stanford's layout, run by colbert-ai."""
