"""The quick line: one typed line that says what happened, read into chips before it is saved."""
