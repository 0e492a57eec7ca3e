"""A packet for crew without an account: what its maker chose, as they may see it, until it ends."""

from datetime import timedelta

import pytest

from baton.kernel.verdict import Refusal
from baton.ledger.models import File
from baton.ledger.models.spans import DealSeat
from baton.members.models import Member
from baton.work import crew, handoffs
from baton.work.models import CrewAddress, CrewOpening
from tests.cast import HOUR, MINUTE, MONDAY, TUESDAY, Cast, fresh
from tests.web.today.scene import offered

pytestmark = pytest.mark.django_db
PHOTO = ("plan.pdf", "application/pdf", 4, "0" * 64, False, "")


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def handoff(cast):
    return offered(cast, key_holder={"name": "Colin Hart, 020 7183 8750"})


def shared(handoff, by, **told):
    told = {"name": "Leo’s crew", "items": ["scope", "start_date", "key_holder"], "files": [], "days": 14} | told
    return crew.share(handoff, by=by, at=MONDAY, **told)


def seen(token: str, at=TUESDAY) -> dict[str, str]:
    row = crew.opened_by(token, at)
    return {item.key: item.value for item, _people in crew.carried(row, at).items}


def test_an_address_shows_what_was_chosen_in_the_order_of_the_map(cast, handoff):
    _row, token = shared(handoff, cast.ben, items=["start_date", "scope"])

    assert seen(token) == {"scope": "3 car parks", "start_date": "23 November 2026"}


def test_a_price_is_shown_only_where_somebody_says_so(cast, handoff):
    usual = {item.key: ticked for item, ticked in crew.offered_items(handoff, cast.ben, MONDAY)}

    assert usual == {"scope": True, "start_date": True, "key_holder": True, "amount": False}


def test_it_shows_the_packet_as_it_stands_when_it_is_opened(cast, handoff):
    _row, token = shared(handoff, cast.ben)

    cast.tell("deal", handoff.deal_id, start_date="2026-11-30", at=TUESDAY)

    assert seen(token)["start_date"] == "30 November 2026"


def test_who_holds_the_key_can_be_rung(cast, handoff):
    row, _token = shared(handoff, cast.ben)

    people = {item.key: people for item, people in crew.carried(row, TUESDAY).items}

    assert [(one.phone, one.tel) for one in people["key_holder"]] == [("020 7183 8750", "+442071838750")]


def test_the_contact_that_an_item_names_is_rung_at_their_number(cast):
    colin = cast.contact("Colin Hart", "colin@kestrel.example")
    cast.tell("contact", colin.pk, phones=["+44 7700 900456"])
    row, _token = shared(offered(cast, key_holder={"id": str(colin.pk), "name": "Colin Hart"}), cast.ben)

    people = {item.key: people for item, people in crew.carried(row, TUESDAY).items}

    assert people["key_holder"] == [crew.Person("Colin Hart", "+44 7700 900456")]


def test_files_that_the_packet_doesn_t_carry_are_not_handed_out(cast, handoff):
    deal = cast.deal()
    cast.mail(deal, files=(PHOTO,))
    cast.mail(type(deal).objects.unscoped("tests").get(pk=handoff.deal_id), files=(PHOTO,))

    _row, token = shared(handoff, cast.ben, files=[file.pk for file in File.objects.unscoped("tests").all()])

    assert crew.files_of(crew.opened_by(token, TUESDAY)) == []


def test_the_secret_is_nowhere_but_in_the_address(cast, handoff):
    row, token = shared(handoff, cast.ben)

    assert token not in str(vars(CrewAddress.objects.get(pk=row.pk)))
    assert crew.opened_by(token[:-1], MONDAY) is None


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"items": []}, "Choose at least"),
        ({"name": " "}, "whom it is for"),
        ({"items": ["amount2"]}, "Choose at least"),
    ],
)
def test_an_address_of_nothing_or_for_nobody_is_refused(cast, handoff, told, sentence):
    with pytest.raises(Refusal, match=sentence):
        shared(handoff, cast.ben, **told)


def test_who_may_only_read_shares_nothing(cast, handoff):
    with pytest.raises(Refusal):
        shared(handoff, cast.rita)


class TestItsEnd:
    """What is over says so humanely, and whom to ask."""

    def test_it_runs_out(self, cast, handoff):
        _row, token = shared(handoff, cast.ben, days=7)

        assert seen(token, MONDAY + timedelta(days=7) - MINUTE)
        with pytest.raises(crew.Ended, match=r"good until Mon 23 Nov\. Ask Ben Raman"):
            crew.opened_by(token, MONDAY + timedelta(days=7))

    def test_it_is_ended(self, cast, handoff):
        row, token = shared(handoff, cast.ben)

        crew.end(row, by=cast.ben, at=MONDAY + HOUR)

        with pytest.raises(crew.Ended, match="ended on"):
            crew.opened_by(token, MONDAY + HOUR)

    @pytest.mark.parametrize(
        ("who", "may"), [("tomas", True), ("ana", True), ("ben", True), ("mia", False), ("rita", False)]
    )
    def test_its_maker_the_two_desks_and_who_leads_end_it(self, cast, handoff, who, may):
        row, _token = shared(handoff, cast.ben)
        ended = True
        try:
            crew.end(row, by=getattr(cast, who), at=MONDAY)
        except Refusal:
            ended = False

        assert ended is may

    def test_a_handoff_that_came_back_is_shown_to_nobody(self, cast, handoff):
        _row, token = shared(handoff, cast.ben)

        handoffs.send_back(fresh(handoff), missing=["scope"], because="", by=cast.ben, at=TUESDAY)

        with pytest.raises(crew.Ended, match="leads nowhere"):
            crew.opened_by(token, TUESDAY)

    def test_an_address_of_somebody_who_left_leads_nowhere(self, cast, handoff):
        _row, token = shared(handoff, cast.ben)

        Member.objects.filter(pk=cast.ben.pk).update(is_active=False)

        with pytest.raises(crew.Ended):
            crew.opened_by(token, TUESDAY)

    def test_an_address_of_somebody_who_no_longer_sees_the_deal_leads_nowhere(self):
        cast = Cast(visibility="desks")
        handoff = offered(cast)
        _row, token = shared(handoff, cast.ana)

        DealSeat.objects.filter(member=cast.ana).delete()
        cast.tell("deal", handoff.deal_id, owner=str(cast.ben.pk), desk="operations", at=TUESDAY)
        DealSeat.objects.filter(member=cast.ana).delete()

        with pytest.raises(crew.Ended):
            crew.opened_by(token, TUESDAY)


def test_a_look_is_remembered_once_with_its_device(cast, handoff):
    row, _token = shared(handoff, cast.ben)

    for at in (MONDAY, MONDAY + MINUTE, MONDAY + HOUR):
        crew.note_opening(row, "Safari iPhone", at)
    crew.note_opening(row, "Chrome Android", MONDAY + MINUTE)

    assert list(CrewOpening.objects.order_by("at", "device").values_list("device", flat=True)) == [
        "Safari iPhone", "Chrome Android", "Safari iPhone",
    ]  # fmt: skip
