"""Requests: who asked for figures, what was answered, each cell with its deals and facts, and what its labels mean."""
