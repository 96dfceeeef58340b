"""Facts of source files -> the tree."""
