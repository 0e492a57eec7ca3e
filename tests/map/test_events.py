"""The language in which a map names events."""

import pytest

from baton.map.catalog import EVENTS, QUIET
from baton.map.durations import Within
from baton.map.events import parse_event, phrases


def test_a_phrase_means_a_kind_of_happening():
    pattern = parse_event("document out quote")

    assert (pattern.kind, pattern.detail) == ("document.out", "quote")
    assert pattern.matches("document.out", "quote")
    assert not pattern.matches("document.out", "invoice")
    assert not pattern.matches("document.in", "quote")


def test_a_phrase_without_a_detail_means_any():
    assert parse_event("interaction in from customer").matches("interaction.in", "call")


def test_a_channel_narrows_an_interaction():
    pattern = parse_event("email out to same customer")

    assert pattern.matches("interaction.out", "email")
    assert not pattern.matches("interaction.out", "call")
    assert pattern.same_customer


def test_either_of_two_events_can_be_meant():
    pattern = parse_event("handoff accepted sales-operations or handoff returned")

    assert pattern.kinds == {"handoff.accepted", "handoff.returned"}
    assert pattern.matches("handoff.returned", "anything")
    assert not pattern.matches("handoff.accepted", "billing-accounts")


def test_silence_is_an_event_with_a_length():
    pattern = parse_event("nothing for 14 days")

    assert (pattern.kind, pattern.lasting, pattern.silent) == (QUIET, Within(14, "days"), None)
    assert pattern.matches(QUIET, "14 days")


def test_silence_can_be_about_certain_events_only():
    pattern = parse_event("no interaction out or meeting held for 2 working days")

    assert pattern.silent.kinds == {"interaction.out", "meeting.held"}
    assert pattern.lasting == Within(2, "working days")


def test_two_behaviors_about_different_silences_never_meet():
    shorter, longer = parse_event("nothing for 7 days"), parse_event("nothing for 14 days")

    assert not shorter.matches(QUIET, longer.detail)


def test_what_the_world_does_proves_a_stage_and_what_a_person_enters_does_not():
    def proving(phrase: str) -> bool:
        return parse_event(phrase).proves

    assert [
        proving(each) for each in ("meeting held", "approval in writing", "email in", "fact confirmed start_date")
    ] == [True] * 4
    assert [proving(each) for each in ("next step set", "stage entered quoted", "deal won", "nothing for 3 days")] == [
        False
    ] * 4
    assert not proving("meeting held or next step set")


@pytest.mark.parametrize("kind", [kind for kind in EVENTS if kind != QUIET])
def test_every_event_of_the_catalog_is_reached_by_its_phrase_and_has_words_for_screens(kind):
    pattern = parse_event(EVENTS[kind].phrase)

    assert pattern.kind == kind
    assert "" not in {pattern.label, pattern.sentence, str(EVENTS[kind].shown_by)}


@pytest.mark.parametrize(
    ("phrase", "label", "sentence"),
    [
        ("document out quote", "quote sent", "a document went out: quote"),
        ("email in or call in", "email or call", "an email came in or a call came in"),
        ("nothing for 1 day", "nothing happened for 1 day", "nothing happened for 1 day"),
        (
            "no meeting held for 30 days",
            "not once in 30 days: a meeting was held",
            "not once in 30 days: a meeting was held",
        ),
    ],
)
def test_an_event_is_shown_in_words(phrase, label, sentence):
    assert (parse_event(phrase).label, parse_event(phrase).sentence) == (label, sentence)


def test_a_phrase_that_means_nothing_is_answered_with_the_nearest_ones():
    with pytest.raises(ValueError, match=r"“mail in” isn’t an event that Baton can see\. Nearest: `email in`"):
        parse_event("mail in")


def test_a_feeling_is_no_event():
    with pytest.raises(ValueError, match="“they seem keen” isn’t an event"):
        parse_event("they seem keen")


def test_a_document_has_one_word():
    with pytest.raises(ValueError, match="more than one thing"):
        parse_event("document out very long quote")


def test_the_phrases_offered_as_help_are_all_understood():
    offered = [phrase for phrase in phrases() if "…" not in phrase]

    assert [parse_event(phrase).phrase for phrase in offered] == offered
