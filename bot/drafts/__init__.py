"""The requests to the machine, the authors of today's translation, and people's corrections of the machine's drafts."""
