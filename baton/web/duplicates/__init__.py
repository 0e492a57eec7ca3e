"""Duplicates: who may be there twice, side by side, with what would become of each value."""
