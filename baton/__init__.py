"""Baton, a CRM in which work is passed from desk to desk and nothing is lost on the way.

The rooms and what may import what stand in docs/developers/rooms.md.
"""

__version__ = "0.1.0"
