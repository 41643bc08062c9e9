"""The database: the Store protocol and its implementations over Infinity."""
