"""Screens of the gate: which programs act for a member, and the page on which they allow one something."""
