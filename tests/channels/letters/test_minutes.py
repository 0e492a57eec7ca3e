"""Minutes go to each who was there, once, and tell each only of what they may see."""

from datetime import timedelta

import pytest

from baton.channels.email.sending import SMTP_BACKEND
from baton.channels.letters.minutes import send_minutes
from baton.channels.letters.mornings import write_mornings
from baton.decide.review import deciding
from baton.decide.review.reviews import begin, decision_of, end
from baton.kernel.verdict import Refusal
from tests.cast import HOUR, MINUTE, MONDAY, TUESDAY, Cast

pytestmark = pytest.mark.django_db
EARLIER = MONDAY - timedelta(days=3)


def held(cast, *deals):
    review = begin(decision_of(), by=cast.tomas, at=MONDAY)
    for minute, deal in enumerate(deals, 1):
        deciding.decide(review, deal, deciding.lose(deal, "price"), by=cast.tomas, at=MONDAY + minute * MINUTE)
    return end(review, by=cast.tomas, at=MONDAY + HOUR)


def test_each_reads_what_was_decided_on_the_deals_that_they_see(letters):
    cast = Cast("own")
    mine, theirs = cast.deal("Mine", at=EARLIER), cast.deal("Theirs", at=EARLIER, owner=cast.ben, desk="operations")
    review = held(cast, mine, theirs)

    sent = send_minutes(review, at=MONDAY + HOUR)
    again = send_minutes(review, at=MONDAY + 2 * HOUR)

    told = {
        str(one["To"].addresses[0].username): one.get_body(("plain",)).get_content() for one in letters(MONDAY + HOUR)
    }
    assert (sent, again) == (3, 0)
    seen = {who: ("Mine: Lost: price" in text, "Theirs: Lost: price" in text) for who, text in told.items()}
    assert seen == {"tomas": (True, True), "ana": (True, False), "ben": (False, True)}


def test_without_anything_to_send_through_they_say_so(settings):
    settings.EMAIL_BACKEND = SMTP_BACKEND
    settings.MAIL_IS_SET_UP = False
    cast = Cast()
    review = held(cast)

    with pytest.raises(Refusal, match="Baton has nothing to send mail through yet"):
        send_minutes(review, at=MONDAY + HOUR)


def test_the_digest_tells_whose_decision_used_which_entries(letters):
    cast = Cast()
    deal = cast.deal("Gantry Works", at=EARLIER)
    cast.tell("deal", deal.pk, by=cast.ana, at=EARLIER, amount={"minor": 100, "currency": "GBP"})
    held(cast, cast.deal("Other", at=EARLIER), deal)
    cast.deal("Kestrel", at=MONDAY + HOUR)

    write_mornings(MONDAY + HOUR)
    write_mornings(TUESDAY)

    [digest] = [one for one in letters(TUESDAY) if one["To"].addresses[0].addr_spec == cast.ana.email]
    text = digest.get_body(("plain",)).get_content()
    assert "Your entries were used" in text
    assert "Tomas decided on Gantry Works in Monday review" in text
