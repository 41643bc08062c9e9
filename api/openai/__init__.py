"""What clients of OpenAI's API send and expect."""
