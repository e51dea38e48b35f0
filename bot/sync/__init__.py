"""One language from its repository to its pull requests."""
