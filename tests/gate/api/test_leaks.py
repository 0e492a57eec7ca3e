"""Every operation, as every role, for what is one's own, somebody else's and gone: nothing leaks, and what isn't listed
here fails.
"""

import json
from typing import Any

import pytest

from baton.gate.api import site
from baton.gate.api.examples import EXAMPLES
from baton.gate.api.operations import operations
from baton.ledger.entries import Author, NewInteraction
from baton.ledger.models import Company, Contact, Deal, Fact, Interaction
from baton.ledger.recording import record
from baton.work.models import Duty, Handoff
from tests.cast import MONDAY
from tests.gate.api.scene import Scene, program, send

pytestmark = pytest.mark.django_db
assert site
CANARY = "Kestrel"
"""Stands in everything that only others may see."""
LISTS = {
    "/companies", "/contacts", "/deals", "/duties", "/forecast", "/forecast/deals", "/handoffs", "/interactions",
    "/map", "/me", "/members", "/openapi.json", "/requests",
}  # fmt: skip
ONES = {
    "/companies/{id}": "company", "/companies/{id}/facts": "company",
    "/contacts/{id}": "contact", "/contacts/{id}/facts": "contact",
    "/deals/{id}": "deal", "/deals/{id}/facts": "deal",
    "/duties/{id}": "duty", "/facts/{id}": "fact",
    "/handoffs/{id}": "handoff", "/handoffs/{id}/acceptance": "handoff", "/handoffs/{id}/return": "handoff",
    "/handoffs/{id}/withdrawal": "handoff", "/interactions/{id}": "interaction", "/requests/{id}": "request",
}  # fmt: skip
WRITTEN = {"/batch", "/companies", "/contacts", "/deals", "/handoffs", "/interactions", "/requests"}
NOBODYS = "019a8c5e-6f4b-7c3a-9d2e-1f0b7c3a9d2e"


class Hidden(Scene):
    """Of Ben's own, what Ana mustn't see: a deal with its amount, mail, handoff and duty; and a private mail."""

    def __init__(self) -> None:
        super().__init__("own deals")
        cast = self.cast
        self.secret = cast.deal(
            CANARY,
            desk="operations",
            owner=cast.ben,
            stage="mobilising",
            amount={"minor": 777_000_00, "currency": "GBP"},
            next_step={"what": CANARY, "at": None, "by": str(cast.ben.pk)},
        )
        self.letter = cast.mail(self.secret, text=CANARY)
        private = NewInteraction(
            "email", "in", "email", MONDAY, subject=CANARY, text=CANARY, holders=(cast.ben.pk,),
            filed={"deal": None, "contact": str(self.contact.pk), "company": None, "audience": "private"},
        )  # fmt: skip
        record(interactions=[private], by=Author(None, "email"), at=MONDAY)
        self.private = private.id
        self.void_company, self.void_contact = cast.company("Gone"), cast.contact("Gone")
        cast.tell("company", self.void_company.pk, withdrawn=True)
        cast.tell("contact", self.void_contact.pk, withdrawn=True)

    def ids(self, kind: str) -> dict[str, Any]:
        """What Ana sees of a kind, what others have, and what is gone."""
        facts = Fact.objects.unscoped("tests")
        duties = Duty.objects.unscoped("tests")
        return {
            "company": {"own": self.company.pk, "gone": self.void_company.pk},
            "contact": {"own": self.contact.pk, "gone": self.void_contact.pk},
            "deal": {"own": self.deal.pk, "other": self.secret.pk, "gone": self.gone.pk},
            "duty": {
                "own": duties.filter(deal=self.deal.pk).first().pk,
                "other": duties.filter(deal=self.secret.pk).first().pk,
            },
            "fact": {
                "own": facts.filter(record_id=self.deal.pk).first().pk,
                "other": facts.filter(record_id=self.secret.pk).first().pk,
                "gone": facts.filter(record_id=self.gone.pk).first().pk,
            },
            "handoff": {"own": self.handoff.pk},
            "interaction": {"own": self.mail.pk, "other": self.letter.pk, "private": self.private},
            "request": {},
        }[kind]  # fmt: skip


@pytest.fixture
def hidden(settings) -> Hidden:
    settings.BATON_PROGRAM_REQUESTS_A_MINUTE = 100_000
    return Hidden()


def everything() -> list[int]:
    models = (Company, Contact, Deal, Fact, Interaction, Handoff)
    return [model.objects.unscoped("tests").count() for model in models]


def test_every_operation_is_held_against_these_lists():
    paths = {one.path for one in operations()}

    assert paths == LISTS | ONES.keys() | WRITTEN
    assert {one.takes for one in operations() if one.takes} <= {
        *EXAMPLES,
        "DealFactNew",
        "CompanyFactNew",
        "ContactFactNew",
    }


def test_no_list_count_or_sum_holds_anything_that_others_keep_from_one(hidden):
    client = program(hidden.cast.ana)
    asked = [*LISTS, "/deals?status.any=open&status.any=won&status.any=lost&status.any=done", "/duties?mine=true",
             f"/deals?q={CANARY}", "/deals?amount.from=700000", "/interactions?fields=text,subject",
             "/forecast?group=owner", f"/interactions?deal={hidden.secret.pk}",
             f"/duties?deal={hidden.secret.pk}"]  # fmt: skip

    told = {path: client.get(f"/api/v1{path}") for path in asked}

    assert {path: answer.status_code for path, answer in told.items() if answer.status_code != 200} == {}
    assert [path for path, answer in told.items() if CANARY in answer.content.decode()] == []
    assert [path for path, answer in told.items() if "77700000" in answer.content.decode()] == []


def test_who_sees_the_whole_business_sees_it_through_a_program_too(hidden):
    shown = program(hidden.cast.tomas).get("/api/v1/deals?sort=title&fields=title").content.decode()

    assert CANARY in shown


@pytest.mark.parametrize("who", ["tomas", "ana", "rita"])
def test_what_one_may_not_see_is_not_there_for_any_method_and_nothing_is_written(hidden, who):
    client = program(getattr(hidden.cast, who))
    before, wrong = everything(), []
    for one in operations():
        if not one.has_id:
            continue
        for whose, pk in {**hidden.ids(ONES[one.path]), "nobody": NOBODYS}.items():
            if whose == "own" and (one.method != "GET" or who == "rita"):
                continue
            expected = _expected(who, whose, one.method, one.path)
            body = EXAMPLES.get(one.takes) or {"field": "title", "value": "x"}
            body = {"values": {}} if one.method == "PATCH" else body
            path = one.path.replace("{id}", str(pk))
            answer = client.get(f"/api/v1{path}") if one.method == "GET" else send(client, one.method, path, body)
            if answer.status_code not in expected or (
                whose not in {"own"} and expected == {404} and CANARY in answer.content.decode()
            ):
                wrong.append((one.method, one.path, whose, answer.status_code, answer.content.decode()[:200]))

    assert wrong == []
    if who != "tomas":
        assert everything() == before


def _expected(who: str, whose: str, method: str, path: str) -> set[int]:
    if who == "rita" and method != "GET":
        return {403}
    if whose in {"nobody", "gone"}:
        return {404, 422} if method != "GET" else {404}
    if whose == "private":
        return {404}
    if who == "tomas":
        return {200, 201, 404, 422}
    return {200} if whose == "own" else {404, 422} if method != "GET" else {404}


def test_who_may_only_read_writes_nothing_through_any_operation(hidden):
    client = program(hidden.cast.rita, "messages")
    before = everything()
    told = {}
    for one in operations():
        if one.method != "GET":
            path = one.path.replace("{id}", str(hidden.deal.pk))
            body = EXAMPLES.get(one.takes) or {"field": "title", "value": "x"}
            told[one.method, one.path] = send(client, one.method, path, body).status_code

    assert set(told.values()) == {403}
    assert everything() == before


def test_the_words_of_messages_want_a_right_of_their_own(hidden):
    reader, other = program(hidden.cast.ana, "read"), program(hidden.cast.ana, "messages")
    path = f"/api/v1/interactions/{hidden.mail.pk}"

    assert json.loads(reader.get(path).content)["text"] is None
    assert json.loads(other.get(path).content)["text"] == "Could we start on 1 December?"


def test_no_cookie_opens_the_api(hidden, client):
    client.force_login(hidden.cast.tomas)

    answers = {path: client.get(f"/api/v1{path}").status_code for path in LISTS}

    assert set(answers.values()) == {401}
    assert send(client, "POST", "/companies", {"name": "Forged"}).status_code == 401
