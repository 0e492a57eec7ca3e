"""Identifiers follow each other, however many are drawn at once."""

from baton.kernel.ids import uuid7, uuid7s


def test_many_drawn_at_once_are_of_version_7_and_in_order_with_those_before_and_after():
    first, many, last = uuid7(), uuid7s(500), uuid7()

    drawn = [first, *many, last]

    assert drawn == sorted(drawn)
    assert ({one.version for one in drawn}, len(set(drawn))) == ({7}, 502)


def test_none_can_be_drawn():
    assert uuid7s(0) == []
