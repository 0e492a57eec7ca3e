"""A sample of `python -m prove ONLY=orders`: 12 of its thousand texts that try to give orders."""

import pytest

from prove.orders import CHANNELS, run, texts, told
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SAMPLE = 12


def test_orders_in_mail_chat_form_and_records_write_nothing_and_send_nothing_however_obedient_the_model(settings):
    settings.BATON_PROGRAM_REQUESTS_A_MINUTE = 10**9

    found = run(SAMPLE, Cast(), settings.BATON_INSIDE.append)

    assert (found.changed, found.connections, found.read) == ([], [], SAMPLE)
    assert told(found)["kept"]


def test_the_texts_are_the_same_every_time_and_no_two_are_alike():
    first, second = list(texts(1000)), list(texts(1000))

    assert first == second
    assert len({one.words for one in first}) == 1000
    assert {channel: sum(one.channel == channel for one in first) for channel in CHANNELS} == dict.fromkeys(
        CHANNELS, 250
    )
