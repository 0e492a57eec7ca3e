"""The forecast on screen: what will close, by when, how we know, and what changed since last time."""
