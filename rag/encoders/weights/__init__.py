"""Finding, fetching and checking the files of models."""
