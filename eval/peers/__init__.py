"""The same corpus, vectors and questions through other engines: one file a peer."""
