"""Automations as screens: what acts by itself, on what it stands, what each run knew, and why one wasn't acted on."""
