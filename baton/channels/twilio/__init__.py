"""What calls and texts through Twilio share: its signature, its form, and its door for what we ask of it."""
