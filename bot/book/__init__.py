"""The current state of a book in one language: the configuration opened, its files, baselines and chapters."""
