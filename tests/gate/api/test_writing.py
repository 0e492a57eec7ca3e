"""What a program writes goes through the one door: said, not shown; once; and never over a newer change."""

import base64
import json

import pytest

from baton.gate.api import interactions
from baton.gate.api.models import Answered
from baton.ledger.models import Company, Deal, Event, Fact
from baton.work.checking import check
from tests.cast import fresh
from tests.gate.api.scene import Scene, program, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def ana(scene):
    return program(scene.cast.ana)


def told(answer, status=200):
    assert answer.status_code == status, answer.content.decode()
    return json.loads(answer.content)


def changed(client, deal, body, **headers):
    return send(client, "PATCH", f"/deals/{deal.pk}", body, **headers)


def test_a_change_says_who_said_it_and_which_program_for_whom(scene, ana):
    made = told(changed(ana, scene.deal, {"close_date": "2027-01-15", "because": "Dana rang."}))

    fact = Fact.objects.unscoped("tests").get(pk=made["facts"]["close_date"]["fact"])
    assert (fact.said_by, fact.channel, fact.reader, fact.because) == (
        scene.cast.ana,
        "api",
        "program:Sync",
        "Dana rang.",
    )
    assert made["facts"]["close_date"]["source"] == "program"


def test_a_stage_that_a_program_says_is_never_shown_and_another_desk_gets_nothing_without_its_packet(scene, ana):
    made = told(send(ana, "POST", "/deals", {"title": "Jetty", "stage": "mobilising"}), 201)
    told(send(ana, "POST", "/interactions", {"kind": "meeting", "text": "We met.", "deal": made["id"]}), 201)
    told(send(ana, "PATCH", f"/deals/{made['id']}", {"stage": "visited"}))

    deal = Deal.objects.unscoped("tests").get(pk=made["id"])
    assert (deal.stage, deal.shown, deal.desk, deal.evidence) == ("visited", False, "intake", {})
    assert Event.objects.unscoped("tests").filter(deal=deal, kind="meeting.held").exists()


@pytest.mark.parametrize(
    "body",
    [
        {"desk": "operations"},
        {"offered_to": "operations"},
        {"shown": True},
        {"version": 1, "evidence": {}},
        {"id": "019a8c5e-6f4b-7c3a-9d2e-1f0b7c3a9d2e"},
        {"recorded_at": "2020-01-01T00:00:00Z"},
        {"status": "won"},
        {"status": "void"},
        {"values": {"conflict_check": "cleared"}},
        {"values": {"merged_into": None}},
        {"facts": {}},
    ],
)
def test_what_is_read_only_stays_as_it_is(scene, ana, body):
    before = fresh(scene.deal).version

    answer = changed(ana, scene.deal, body)

    assert (answer.status_code, fresh(scene.deal).version) == (422, before)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_somebody_who_was_quicker_is_not_written_over_and_what_they_changed_is_told(scene, ana):
    seen = told(ana.get(f"/api/v1/deals/{scene.deal.pk}"))["version"]
    scene.cast.tell("deal", scene.deal.pk, by=scene.cast.bram, title="Quayside Tower, phase 2")

    problem = told(changed(ana, scene.deal, {"title": "Mine", "version": seen}), 409)

    assert (problem["version"], problem["type"]) == (seen + 1, "about:blank")
    assert [(one["field"], one["value"], one["said_by"]) for one in problem["changes"]] == [
        ("title", "Quayside Tower, phase 2", str(scene.cast.bram.pk))
    ]
    assert fresh(scene.deal).title == "Quayside Tower, phase 2"


def test_all_of_a_change_is_made_or_nothing(scene, ana):
    answer = changed(ana, scene.deal, {"title": "Half", "status": "lost"})

    assert (answer.status_code, fresh(scene.deal).title) == (422, "Quayside Tower")


def test_the_same_request_with_the_same_key_is_done_once_and_answered_the_same(scene, ana):
    first = send(ana, "POST", "/companies", {"name": "Marlowe"}, **{"Idempotency-Key": "k1"})
    again = send(ana, "POST", "/companies", {"name": "Marlowe"}, **{"Idempotency-Key": "k1"})
    other = send(ana, "POST", "/companies", {"name": "Other"}, **{"Idempotency-Key": "k1"})

    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert (again.headers["Location"], again.headers["Idempotency-Replayed"]) == (first.headers["Location"], "true")
    assert (other.status_code, Company.objects.unscoped("tests").filter(name="Other").count()) == (422, 0)


def test_a_note_that_is_sent_twice_at_the_same_moment_is_one_and_both_are_told_of_it(scene, ana, monkeypatch):
    note, new, first = (
        {"kind": "note", "text": "Rang Dana", "deal": str(scene.deal.pk), "key": "n1"},
        interactions._new,
        [],
    )

    def after_the_other(call, body):
        monkeypatch.setattr(interactions, "_new", new)
        first.append(told(send(ana, "POST", "/interactions", note), 201)["id"])
        return new(call, body)

    monkeypatch.setattr(interactions, "_new", after_the_other)

    assert told(send(ana, "POST", "/interactions", note))["id"] == first[0]


def test_what_was_refused_keeps_no_key_and_may_be_sent_again(scene, ana):
    refused = changed(ana, scene.deal, {"status": "lost"}, **{"Idempotency-Key": "k2"})
    mended = changed(ana, scene.deal, {"status": "lost", "lost_reason": "price"}, **{"Idempotency-Key": "k2"})

    assert (refused.status_code, mended.status_code, Answered.objects.count()) == (422, 200, 1)


def test_a_key_is_of_one_program_in_one_member_s_hands(scene, ana):
    told(send(ana, "POST", "/companies", {"name": "Marlowe"}, **{"Idempotency-Key": "k"}), 201)

    other = send(program(scene.cast.bram), "POST", "/companies", {"name": "Other"}, **{"Idempotency-Key": "k"})

    assert other.status_code == 201


def test_the_source_s_own_id_makes_one_record_however_often_it_is_sent(scene, ana):
    body = {"title": "Jetty", "key": "crm:1"}

    first, again = (send(ana, "POST", "/deals", body) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert told(first, 201)["id"] == told(again)["id"]


def test_many_writes_each_stand_for_themselves(scene, ana):
    writes = [
        {"method": "POST", "path": "/companies", "body": {"name": "One"}},
        {"method": "POST", "path": "/companies", "body": {"title": "wrong"}},
        {"method": "PATCH", "path": f"/deals/{scene.gone.pk}", "body": {"title": "x"}},
        {"method": "POST", "path": "/nowhere", "body": {}},
        {"method": "POST", "path": "/batch", "body": {"operations": []}},
    ]

    first = told(send(ana, "POST", "/batch", {"operations": writes}, **{"Idempotency-Key": "b"}))["results"]
    again = told(send(ana, "POST", "/batch", {"operations": writes}, **{"Idempotency-Key": "b"}))["results"]

    assert [one["status"] for one in first] == [201, 422, 404, 404, 422]
    assert again[0]["body"]["id"] == first[0]["body"]["id"]


def test_a_suggestion_counts_for_nothing_until_a_person_confirms_it(scene):
    client = program(scene.cast.ana, "suggest")
    path = f"/deals/{scene.deal.pk}/facts"

    made = told(send(client, "POST", path, {"field": "need", "value": "Glass", "status": "suggested"}), 201)
    refused = send(client, "POST", path, {"field": "need", "value": "Glass"})

    assert (made["status"], made["program"], refused.status_code) == ("suggested", "Sync", 403)
    assert fresh(scene.deal).value("need") is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ('{"title": NaN}', 400),
        ("[" * 100_000, 400),
        ("[]", 422),
        ('{"title": ""}', 422),
        ('{"title": "x", "values": {"crew": 1e300}}', 422),
        ('{"title": "x", "values": {"region": "east"}}', 422),
        ('{"title": "x", "values": {"start_date": "0001-01-01"}}', 422),
        ('{"title": "x", "close_date": "2026-02-30"}', 422),
        ('{"title": "x", "owner": "019a8c5e-6f4b-7c3a-9d2e-1f0b7c3a9d2e"}', 422),
        ('{"title": "x", "happened_at": "2999-01-01T00:00:00Z"}', 422),
        ('{"title": "x", "happened_at": "2199-01-01T00:00:00Z"}', 422),
    ],
)
def test_what_makes_no_sense_is_refused_in_problem_details(ana, body, status):
    answer = send(ana, "POST", "/deals", body)

    problem = told(answer, status)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= problem.keys()


def test_a_domain_where_anybody_can_have_an_address_names_no_company(ana):
    answer = send(ana, "POST", "/companies", {"name": "Marlowe", "domains": ["gmail.com"]})

    assert told(answer, 422)["errors"][0]["at"] == "/domains"


def test_every_refusal_of_the_door_is_a_problem_too(ana, client):
    answers = [
        client.get("/api/v1/deals"),
        ana.get("/api/v1/nothing"),
        ana.put("/api/v1/deals"),
        ana.get("/api/v1/deals?nothing=1"),
        ana.get("/api/v1/deals?cursor=%21%21"),
        ana.post("/api/v1/deals", "x", content_type="text/plain"),
    ]

    assert [one.status_code for one in answers] == [401, 404, 405, 422, 422, 415]
    assert {one.headers["Content-Type"] for one in answers} == {"application/problem+json"}
    assert answers[2].headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-16T09:00:00"])
def test_a_cursor_that_was_never_given_out_leads_nowhere(scene, ana, moment):
    forged = base64.urlsafe_b64encode(json.dumps([moment, str(scene.mail.pk)]).encode()).decode().rstrip("=")

    assert told(ana.get("/api/v1/interactions", {"cursor": forged}), 422)["errors"][0]["at"] == "cursor"


@pytest.mark.parametrize("limit", ["--5", "-", "5-", "²", "1.0", ""])
def test_a_number_that_is_none_is_refused_in_words(ana, limit):
    assert told(ana.get("/api/v1/deals", {"limit": limit}), 422)["errors"][0]["at"] == "limit"


def test_values_of_every_type_are_kept_as_the_screens_keep_them(scene, ana):
    values = {
        "region": "north", "crew": 4, "insured": True, "deposit": {"minor": 500}, "works": ["Glass", "Seals"],
        "start_date": "2026-12-01", "scope": "Wide", "key_holder": "Dana",
    }  # fmt: skip

    made = told(changed(ana, scene.deal, {"values": values}))["values"]

    assert made["deposit"] == {"minor": 500, "currency": "GBP"}
    assert [one["what"] for one in made["works"]] == ["Glass", "Seals"]
    assert {name: made[name] for name in ("region", "crew", "insured", "start_date", "key_holder")} == {
        "region": "north", "crew": 4, "insured": True, "start_date": "2026-12-01", "key_holder": "Dana",
    }  # fmt: skip
    assert {one["what"]: one["state"] for one in made["works"]} == {"Glass": "proposed", "Seals": "proposed"}


def test_the_ledger_is_whole_after_all_of_that(scene, ana):
    company = told(
        send(ana, "POST", "/companies", {"name": "A", "domains": ["a.example"], "values": {"segment": "x"}}), 201
    )
    contact = told(
        send(ana, "POST", "/contacts", {"name": "B", "emails": ["B@a.example"], "company": company["id"]}), 201
    )
    deal = told(send(ana, "POST", "/deals", {"title": "C", "company": company["id"], "contact": contact["id"]}), 201)
    told(send(ana, "POST", "/interactions", {"kind": "chat", "text": "Hi", "direction": "in", "deal": deal["id"]}), 201)
    told(
        send(
            ana, "PATCH", f"/deals/{deal['id']}", {"next_step": {"what": "Ring"}, "status": "lost", "lost_reason": "x"}
        )
    )
    told(send(ana, "PATCH", f"/deals/{deal['id']}", {"status": "open"}))

    assert check().differences == []
