"""Spreadsheets as bytes: how much of one is opened at all, and how the text of a CSV becomes rows. Pure."""
