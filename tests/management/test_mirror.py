"""`baton mirror` and `baton owner`: the same as the pages, as JSON."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db


def told(*words: str):
    out = StringIO()
    call_command(*words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_mirror_answers_three_questions_as_json():
    Cast().deal()

    found = told("mirror")

    assert list(found["questions"]) == ["clear", "consistent", "owned"]
    assert found["whole_business"] is True


def test_what_programs_may_rely_on_is_there():
    cast = Cast()
    cast.mail(cast.deal(contact=cast.contact()), at=MONDAY)

    mirror, owner = told("mirror", "--days", "366"), told("owner")

    finding = mirror["questions"]["clear"]["findings"][0]
    assert set(mirror) == {"since", "until", "whole_business", "questions", "lag", "management", "fields"}
    assert set(finding) >= {"key", "question", "sentence", "hits", "of", "tone", "note", "remedy"}
    assert set(told("mirror", finding["key"], "--days", "366")[0]) == {
        "opens", "id", "what", "note", "at", "short", "interaction",
    }  # fmt: skip
    assert set(owner) == {"owed", "settled"}
    assert set(owner["owed"][0]) >= {"key", "section", "sentence", "note", "next", "proposes", "drafts"}


def test_the_owners_desk_says_the_next_action_of_each_item():
    Cast().deal()

    found = told("owner")

    assert {"missing-entry/amount", "deputy", "map-review"} <= {one["key"] for one in found["owed"]}
    assert all(one["next"] for one in found["owed"])


def test_the_desk_of_the_owner_is_nobody_elses_here_either():
    Cast()

    with pytest.raises(CommandError):
        told("owner", "--member", "ana@lime.example")
