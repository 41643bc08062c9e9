"""One file a format family."""
