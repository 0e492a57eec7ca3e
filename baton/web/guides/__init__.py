"""The guides of docs/users, each in the reader's language; what a guide says stands in its file alone."""
