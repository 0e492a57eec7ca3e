"""Channels: what is connected, how it is, and the addresses at which the other side calls."""
