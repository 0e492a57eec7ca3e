"""Recordings: fetched from Twilio once the call is recorded."""

from __future__ import annotations

from datetime import datetime

from baton.capture.channels import Fetched
from baton.capture.models import Fetching
from baton.channels.twilio import rest


def fetch(fetching: Fetching, at: datetime) -> Fetched:
    """Return the recording's bytes."""
    settings, token = rest.account(fetching.connection)
    return rest.fetch(settings, token, fetching.where["url"])
