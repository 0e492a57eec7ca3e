"""Texts through Twilio: what comes in, what goes out from a deal, and what became of it."""
