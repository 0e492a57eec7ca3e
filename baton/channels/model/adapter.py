"""The model as a channel: how it is connected, tried, and asked in the background, apart from everything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from baton.capture.channels import Channel, Line, register
from baton.capture.models import Connection

MODEL = "model"


def register_model() -> None:
    """Let a model be connected; called once at start."""
    line = Line(
        _("A model that reads along"),
        _(
            "A language model of your own, at an address that speaks OpenAI’s protocol. It is sent the text of what is "
            "filed on open deals, and points at words; what it points at waits as a suggestion, like any other."
        ),
        "baton.channels.model.settings.ModelForm",
        try_out,
        hear=hear,
        every=20,
        apart=True,
        icon="eye",
    )
    register(Channel(MODEL, line=line))


def try_out(settings: dict[str, Any], secret: dict[str, str]) -> None:
    """Ask it one thing. Raises `Refusal` with what is wrong."""
    from baton.channels.model.asking import ask

    ask(settings, secret, "Thank you for the tour.", {})


def hear(connection: Connection, at: datetime) -> int:
    """Have it read what was filed since it was asked last; return how many suggestions that gave."""
    from baton.channels.model.reading import read_along

    return read_along(connection, at)
