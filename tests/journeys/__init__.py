"""Work that crosses desks, as people do it in a browser: one file for each point of what must work."""
