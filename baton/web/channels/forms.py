"""What a channel's settings form says: the name of the connection, its settings, and its secret apart."""

from __future__ import annotations

from typing import Any

from django.forms import Form


def parts_of(form: Form) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Return name, settings and secret of a valid form; password fields are the secret."""
    hidden = {name for name, field in form.fields.items() if getattr(field.widget, "input_type", "") == "password"}
    told = form.cleaned_data
    secret = {name: str(told.get(name) or "") for name in hidden}
    return form.connection_name(), {name: told[name] for name in told if name not in hidden}, secret
