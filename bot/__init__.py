"""Auto Machine Translation and Synchronization: keeps the translations of a book in step with its English."""
