"""Dropping a sheet: looked at first, its columns matched, bad rows mended, and a whole import taken back."""
