"""An engine examined on articles of a book: what it may be taught, what it is asked, and how its answers score."""
