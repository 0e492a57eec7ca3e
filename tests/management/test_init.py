"""`baton init` founds a business without asking anything, once."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from baton.map.current import current_map
from baton.map.ready import READY
from baton.members.models import Member
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def _init(**options: str) -> str:
    said = StringIO()
    given = {
        "owner_name": "Ana Horvat",
        "owner_email": "Ana@Vidik.example",
        "password": "a long quiet river",
        "map": "facilities",
    } | options
    call_command("init", **given, stdout=said)
    return said.getvalue()


@pytest.mark.parametrize("name", READY)
def test_it_founds_a_business_on_each_ready_map(name):
    answer = json.loads(_init(map=name, business="Vidik", zone="Europe/Zagreb", json=True))

    assert (answer["business"], answer["map"], answer["owner"]) == ("Vidik", name, "Ana Horvat")
    assert answer["desks"] == [desk.name for desk in current_map().desks.values()]
    assert Member.objects.get().check_password("a long quiet river")


def test_it_says_what_next():
    said = _init()

    assert said.splitlines()[0] == "vidik.example is here, with the map “facilities”, owned by Ana Horvat."
    assert "baton start" in said


def test_it_refuses_where_there_is_a_business_already():
    Cast()

    with pytest.raises(CommandError, match="There is a business here already") as refused:
        _init()

    assert refused.value.returncode == 2
    assert Member.objects.filter(name="Ana Horvat", email="ana@vidik.example").count() == 0


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"password": "short"}, "too short"),
        ({"zone": "Europe/Atlantis"}, "Atlantis"),
        ({"owner_email": "ana"}, "address"),
    ],
)
def test_it_says_what_is_wrong_and_founds_nothing(wrong, why):
    with pytest.raises(CommandError, match=why):
        _init(**wrong)

    assert not Member.objects.exists()
