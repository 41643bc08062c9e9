"""Collections, encoders and text that are made up, with the statistics of real ones."""
