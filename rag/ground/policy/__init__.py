"""What happens to an answer when its claims have been checked."""
