"""Contacts and companies: who they are, what was said, what is owed."""
