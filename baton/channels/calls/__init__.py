"""Calls through Twilio: who rang whom, for how long, who took it or that nobody did, and the recording."""
