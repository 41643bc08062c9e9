"""Model families: one file or folder each, all of them `ColumnModel`s."""
