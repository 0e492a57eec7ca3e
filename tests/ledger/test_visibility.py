"""One door to rows: who is looking must be said, and nothing leaks through the side."""

import pytest

from baton.ledger.entries import Author, Entry, NewInteraction
from baton.ledger.models import Deal, Fact, File, Interaction, InteractionText
from baton.ledger.recording import record
from baton.members.visibility import Unscoped
from tests.cast import MONDAY, TUESDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def private() -> Cast:
    """The same firm where the map says: own desk, own deals; leaders see their desk."""
    return Cast("own")


@pytest.mark.parametrize(
    "look",
    [
        lambda deals: list(deals.all()),
        lambda deals: deals.count(),
        lambda deals: deals.filter(title="x").exists(),
        lambda deals: deals.get(title="x"),
        lambda deals: deals.first(),
        lambda deals: list(deals.values_list("title")),
        lambda deals: deals.update(title="x"),
        lambda deals: list(deals.iterator()),
    ],
)
def test_the_plain_manager_refuses(cast, look):
    with pytest.raises(Unscoped):
        look(Deal.objects)


def test_an_unlisted_caller_may_not_read_unscoped():
    with pytest.raises(Unscoped):
        Deal.objects.unscoped("a view in a hurry")


def test_following_a_relation_refuses_too(cast):
    deal = cast.deal(company=cast.company())
    seen = Deal.objects.visible_to(cast.ana).get(pk=deal.pk)

    with pytest.raises(Unscoped):
        _ = seen.company
    with pytest.raises(Unscoped):
        list(seen.interactions.all())


@pytest.mark.parametrize(
    "cross",
    [
        lambda rows: rows.select_related("deal"),
        lambda rows: rows.filter(deal__title__startswith="Q"),
        lambda rows: rows.values("deal__title"),
        lambda rows: rows.order_by("deal__amount"),
    ],
)
def test_crossing_into_rows_that_were_not_scoped_refuses(cast, cross):
    with pytest.raises(Unscoped):
        list(cross(Interaction.objects.visible_to(cast.ana)))


def held_by(cast, member, audience="private", deal=None):
    filed = {"deal": str(deal.pk), "audience": audience} if deal else None
    new = NewInteraction(
        "email", "in", "email", MONDAY, subject="Canary", text="canary words", holders=(member.pk,), filed=filed,
        files=(("canary.pdf", "application/pdf", 3, "0" * 64, False, ""),),
    )  # fmt: skip
    record(interactions=[new], by=Author(None, "email"), at=MONDAY)
    return new.id


def test_private_mail_is_seen_by_its_holder_alone(cast):
    mail = held_by(cast, cast.ana)

    seen_by = [
        m for m in (cast.ana, cast.bram, cast.tomas) if Interaction.objects.visible_to(m).filter(pk=mail).exists()
    ]
    assert seen_by == [cast.ana]


@pytest.mark.parametrize(("audience", "sees", "reads"), [("private", 0, 0), ("subject", 1, 0), ("full", 1, 1)])
def test_filed_mail_is_seen_as_far_as_the_map_says(cast, audience, sees, reads):
    held_by(cast, cast.ana, audience, cast.deal())

    assert Interaction.objects.visible_to(cast.bram).count() == sees
    assert InteractionText.objects.visible_to(cast.bram).count() == reads
    assert File.objects.visible_to(cast.bram).count() == reads


def test_what_was_suggested_from_a_private_mail_stays_with_its_holder(cast):
    deal = cast.deal()
    mail = held_by(cast, cast.ana, "subject", deal)
    read = Entry("deal", deal.pk, "need", "gritting", status="suggested", interaction_id=mail, words="canary words")
    record([read], by=Author(None, "email"), at=TUESDAY)

    counts = [Fact.objects.visible_to(m).filter(field="need").count() for m in (cast.ana, cast.bram)]
    assert counts == [1, 0]


def test_where_the_map_says_own_deals_a_colleague_sees_none_of_them_and_the_lead_sees_the_desk(private):
    own, other = private.deal("Bram's", owner=private.bram), private.deal("Ben's", desk="operations", owner=private.ben)

    seen = {
        who.short_name: sorted(deal.title for deal in Deal.objects.visible_to(who))
        for who in (private.bram, private.ana, private.ben, private.mia, private.tomas)
    }
    assert own.title != other.title
    assert seen == {"Bram": ["Bram's"], "Ana": ["Bram's"], "Ben": ["Ben's"], "Mia": [], "Tomas": ["Ben's", "Bram's"]}


def test_whoever_held_a_deal_keeps_seeing_it(private):
    deal = private.deal(owner=private.bram)
    private.tell("deal", deal.pk, at=TUESDAY, owner=str(private.ben.pk), desk="operations")

    assert Deal.objects.visible_to(private.bram).filter(pk=deal.pk).exists()


def test_where_the_map_says_own_deals_sums_are_over_what_one_sees(private):
    from django.db.models import Sum

    for owner, minor in ((private.bram, 100), (private.ben, 700)):
        private.deal(owner=owner, desk="operations", amount={"minor": minor, "currency": "GBP"})

    assert Deal.objects.visible_to(private.bram).aggregate(total=Sum("amount"))["total"] == 100


def test_facts_of_a_record_that_is_seen_keep_to_what_the_member_may_read(db):
    cast = Cast()
    deal = cast.deal()
    private = cast.mail(deal, holders=(cast.bram.pk,))
    cast.tell("interaction", private.pk, audience="private")
    read = Entry("deal", deal.pk, "scope", "Lobby", status="suggested", interaction_id=private.pk)
    record([read], by=Author(None, "email"), at=TUESDAY)

    seen = {"deal": [deal.pk]}

    assert Fact.objects.of_seen(cast.bram, seen).suggested().count() == 1
    assert Fact.objects.of_seen(cast.ana, seen).suggested().count() == 0
    assert Fact.objects.of_seen(cast.ana, {"deal": []}).count() == 0
