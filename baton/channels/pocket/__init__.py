"""The pocket: what a phone hands over. A line with photos and a voice note, and what other apps share to Baton."""
