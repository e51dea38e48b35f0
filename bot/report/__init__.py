"""What people read: pull request bodies and machine-readable reports, as text."""
