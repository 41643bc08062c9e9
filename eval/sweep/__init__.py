"""Every way to retrieve on one test collection: indexed once, asked once, scored from run files."""
