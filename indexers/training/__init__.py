"""Training the small heads that the default preset puts on a frozen encoder."""
