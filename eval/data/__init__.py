"""Test collections: where they lie, how they are read, what part of them is used."""
