"""From two repositories to a proposed configuration: which files translate which, and what a sync would do."""
