"""What the representations of a model can do by themselves."""
