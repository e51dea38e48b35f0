"""Pull request bodies and machine-readable reports, as text."""
