"""While mail pours in, one batch is recorded and the next is parsed beside it: by the same rules as mail one by one."""

import pytest

from baton.capture import reading
from baton.capture.ingesting import Incoming, ingest_many
from baton.capture.models import Delivery
from baton.capture.reading import BATCH, Aside, read_waiting
from tests.capture.letters import letter
from tests.cast import MINUTE, MONDAY, Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_meant_for_baton_is_taken_aside_while_mail_pours_in(monkeypatch):
    Cast()
    taken = []
    take = Aside(
        lambda _one, mail: mail.subject == "For Baton", lambda one, _mail, _at: (taken.append(one.pk) or "", False)
    )
    monkeypatch.setattr(reading, "_asides", [take])
    mails = [letter(subject="For Baton" if number == BATCH + 1 else f"Gate {number}") for number in range(BATCH + 3)]
    ingest_many([Incoming("email", str(number), raw) for number, raw in enumerate(mails)], at=MONDAY)

    read_waiting(MONDAY + MINUTE)

    states = list(Delivery.objects.unscoped("tests").values_list("state", "interaction"))
    assert len(taken) == 1
    assert [state for state, _interaction in states] == ["read"] * len(mails)
    assert [interaction for _state, interaction in states].count(None) == 1
