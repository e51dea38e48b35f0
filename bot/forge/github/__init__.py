"""Pull requests on GitHub and GitHub Enterprise."""
