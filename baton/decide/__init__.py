"""Use it: the pipeline as a board and as a list, computed over every deal that the member may see.

Nothing here writes records: what is decided on these pages is written by the rooms below. Names to filter and sort by
come from one registry, and from nowhere else.
"""
