"""What the bot shows and sends: other people's text made visible, its own hidden notes, and a reader of finished
Markdown that finds what would mean something to a host."""
