"""Channels: how the world gets in and out, one folder each, all of one shape."""
