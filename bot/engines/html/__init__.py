"""The markup that placeables travel in to an engine, and back."""
