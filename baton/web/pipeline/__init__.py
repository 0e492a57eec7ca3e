"""The pipeline: as a board to move deals on, and as a list to sort, filter, choose and edit in."""
