"""What the server costs under load, and whether it survives being killed."""
