"""Reviews: which are due, who is at them, how they begin and end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from baton.decide.review import snapshots
from baton.decide.review.models import Attendance, Review, Talk
from baton.decide.review.rhythm import one_period_before
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.map.current import current_map
from baton.map.elements import Decision
from baton.members.models import Member


def review_decisions() -> list[Decision]:
    """Return the decisions of the map that are taken in a review; where there are none, there is no such page."""
    return current_map().decisions_on("review")


def decision_of(key: str = "") -> Decision:
    """Return a review of the map by its id, the first where none is named. Raises `Refusal`."""
    found = review_decisions()
    if not found:
        raise Refusal(_("The map names no review. Its owner can add a decision with who, when and what it reads."))
    named = [one for one in found if key in ("", one.id)]
    if not named:
        raise Refusal(_("The map has no review called “%(name)s”.") % {"name": key[:60]})
    return named[0]


def may_run(member: Member, decision: Decision) -> bool:
    """Whether the member may run this review: who decides there, the owner and managers."""
    return member.may_write and (member.sees_everything or member.email.lower() in decision.who)


def last_of(decision: Decision, before: datetime) -> Review | None:
    """Return the review that was held last; one that is being held still looks back to the one before it."""
    held = Review.objects.of_decision(decision.id).filter(ended_at__isnull=False, started_at__lt=before)
    return held.order_by("-started_at").first()


def looks_back_to(decision: Decision, at: datetime) -> datetime:
    """Return since when changes are news: since the last review, or one period where none was held."""
    last = last_of(decision, at)
    return last.started_at if last else one_period_before(decision.every, at)


def invited_to(decision: Decision) -> list[Member]:
    """Return the active members whom the map names for a decision, in its order."""
    rows = {one.email.lower(): one for one in Member.objects.filter(is_active=True)}
    return [rows[email] for email in decision.who if email in rows]


def begin(decision: Decision, *, by: Member, at: datetime, present: Iterable[UUID] | None = None) -> Review:
    """Begin a review, with a snapshot of the pipeline; the one that is running already is returned as it is.

    `present` are the members who are there, whom the map names unless told. Raises `Refusal`.
    """
    if not may_run(by, decision):
        raise Refusal(_("Only those whom the map names for “%(name)s” run it.") % {"name": decision.name})
    with writing():
        running = Review.objects.of_decision(decision.id).running().first()
        if running:
            return running
        since = looks_back_to(decision, at)
        review = Review.objects.create(decision=decision.id, run_by=by, since=since, started_at=at)
        there = set(present) if present is not None else {one.pk for one in invited_to(decision)}
        known = Member.objects.filter(pk__in=there | {by.pk}, is_active=True)
        Attendance.objects.bulk_create([Attendance(review=review, member=one) for one in known])
        snapshots.take(at, by, review)
    return review


def end(review: Review, *, by: Member, at: datetime) -> Review:
    """End a review, with a second snapshot. Ending it twice changes nothing. Raises `Refusal`."""
    refuse_stranger(review, by)
    with writing():
        if Review.objects.running().filter(pk=review.pk).update(ended_at=at):
            snapshots.take(at, review.run_by, review)
    review.refresh_from_db()
    return review


def refuse_stranger(review: Review, by: Member) -> None:
    """Refuse who may not write in this review: it is written on one keyboard, by whoever runs such reviews."""
    decision = current_map().decisions.get(review.decision)
    if decision is None or not may_run(by, decision):
        raise Refusal(_("Only those who run this review write in it."))


def present_at(review: Review) -> list[Member]:
    """Return who is at a review, who runs it first."""
    ids = Attendance.objects.filter(review=review).values("member")
    there = list(Member.objects.filter(pk__in=ids).order_by("name"))
    return sorted(there, key=lambda one: one.pk != review.run_by_id)


def talked_about(review: Review, deal: UUID, *, at: datetime, decided: int = 0, side_channel: bool = False) -> None:
    """Note that a deal was talked about, and how much was decided on it."""
    with writing():
        talk, _fresh = Talk.objects.get_or_create(
            review=review, deal_id=deal, defaults={"at": at, "side_channel": side_channel}
        )
        if decided:
            Talk.objects.filter(pk=talk.pk).update(decided=talk.decided + decided)
