"""Screens of the gate: what acts by itself, which programs act for a member, and where they are allowed something."""
