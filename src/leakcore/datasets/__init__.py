"""Data sets: where the raw files come from and how they are coded into arrays."""
