"""A book in one language as it stands: the configuration opened, its files, baselines and chapters."""
