"""Parallel data of a whole book: reading it, caching what is read, and what is written."""
