"""`baton rollout` prints the plan."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_plan_is_printed_as_plain_data():
    Cast()
    out = io.StringIO()

    call_command("rollout", json=True, stdout=out)

    told = json.loads(out.getvalue())
    assert (told["begun"], told["left"], told["sheet"]["decided"]) == (False, None, False)
    assert {one["email"] for one in told["people"]} == {
        f"{name}@lime.example" for name in "tomas mia ana bram ben".split()
    }


def test_only_the_owner_s_eyes_see_it():
    Cast()

    with pytest.raises(CommandError, match="planned by whoever owns the map"):
        call_command("rollout", member="ana@lime.example")
