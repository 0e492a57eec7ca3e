"""Calendars as a channel: invitations in mail, files, subscribed calendars; and meetings that go out."""
