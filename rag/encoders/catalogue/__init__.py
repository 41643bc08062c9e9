"""What is known of models before they are loaded: data only, nothing heavy is imported."""
