"""A behavior that exists only in the map's YAML works: one made up for each sort of event that a map can name."""

from datetime import timedelta

import pytest

from baton.ledger.entries import Author, NewInteraction
from baton.ledger.recording import record
from baton.map.publishing import publish
from baton.work import exceptions, handoffs, moves, next_steps, notes, promises, questions, watches
from baton.work.models import Duty
from tests.cast import FIRM, HOUR, MONDAY, Cast, fresh

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PDF = ("q.pdf", "application/pdf", 9, "0" * 64, False, "")


class Story:
    """What happens on one deal, an hour after the other."""

    def __init__(self) -> None:
        self.cast = Cast()
        self.hours = 0

    def begin(self) -> None:
        self.deal = self.cast.deal(contact=self.cast.contact())

    @property
    def at(self):
        self.hours += 1
        return MONDAY + self.hours * HOUR

    def comes(self, kind: str, direction: str, **more) -> None:
        filed = {"deal": str(self.deal.pk), "contact": str(self.deal.contact_id), "audience": "full"}
        at = self.at
        one = NewInteraction(kind, direction, kind, at, text="x", trust="own", filed=filed, **more)
        record(interactions=[one], by=Author(None, kind), at=at)

    def shows(self, kind: str, **more) -> None:
        self.comes("email", "in", **more)
        mail = self.deal.interactions.unscoped("tests").latest("happened_at")
        told = {"shows": {"kind": kind, "detail": ""}}
        self.cast.tell("interaction", mail.pk, by=self.cast.ana, at=self.at, **told)

    def hands_over(self) -> None:
        self.handoff = handoffs.offer(self.deal, to="sales-operations", by=self.cast.ana, at=self.at)

    def accepts(self) -> None:
        self.hands_over()
        handoffs.accept(self.handoff, by=self.cast.ben, at=self.at)

    def changes(self) -> None:
        self.accepts()
        self.cast.tell("deal", self.deal.pk, by=self.cast.ana, at=self.at, scope="other")

    def promises(self) -> None:
        self.promise = promises.make(self.deal, "x", by=self.cast.ana, at=self.at)

    def asks(self) -> None:
        self.question = questions.ask(self.deal, "x?", of=self.cast.ben, by=self.cast.ana, at=self.at)

    def excepts(self) -> None:
        self.case = exceptions.record_exception(self.deal, "x", category="y", by=self.cast.ana, at=self.at)

    def steps(self, what: str = "call") -> None:
        next_steps.set_next(self.deal, what, by=self.cast.ana, at=self.at)

    def tells(self, **values) -> None:
        self.cast.tell("deal", self.deal.pk, by=self.cast.ana, at=self.at, **values)

    def moves(self, stage: str) -> None:
        moves.move(self.deal, stage, by=self.cast.ana, at=self.at)

    def logs(self, kind: str) -> None:
        notes.log(self.deal, kind, "x", by=self.cast.ana, at=self.at)

    def passes(self, days: int) -> None:
        self.hours += days * 24
        watches.notice(self.at)


OUT = "interaction out to customer"
MAIL_OUT = lambda s: s.comes("email", "out")  # noqa: E731
SORTS = [
    ("interaction in from customer", lambda s: s.comes("email", "in"), "interaction out to same customer", MAIL_OUT),
    ("call in", lambda s: s.comes("call", "in"), "call out to same customer", lambda s: s.comes("call", "out")),
    (
        "text in or chat in",
        lambda s: s.comes("chat", "in"),
        "chat out to same customer",
        lambda s: s.comes("chat", "out"),
    ),
    (
        "document out quote",
        lambda s: s.comes("email", "out", files=(PDF,), parts={"documents": [{"kind": "quote"}]}),
        "approval in writing",
        lambda s: s.shows("approval"),
    ),
    (
        "document in order",
        lambda s: s.comes("email", "in", files=(PDF,), parts={"documents": [{"kind": "order"}]}),
        OUT,
        MAIL_OUT,
    ),
    ("meeting held", lambda s: s.logs("meeting"), "next step set", lambda s: s.steps()),
    (
        "meeting planned",
        lambda s: s.comes("meeting", "internal", parts={"planned": True}),
        "meeting held",
        lambda s: s.logs("meeting"),
    ),
    ("approval in writing", lambda s: s.shows("approval"), "handoff offered", lambda s: s.hands_over()),
    ("start booked", lambda s: s.shows("start.booked"), OUT, MAIL_OUT),
    ("deal opened", lambda s: None, "fact confirmed need", lambda s: s.tells(need="x")),
    ("deal won", lambda s: s.moves("agreed"), "handoff offered sales-operations", lambda s: s.hands_over()),
    ("deal lost", lambda s: moves.lose(s.deal, because="x", by=s.cast.ana, at=s.at), OUT, MAIL_OUT),
    ("stage entered quoted", lambda s: s.moves("quoted"), "stage entered agreed", lambda s: s.moves("agreed")),
    ("next step set", lambda s: s.steps(), "next step done", lambda s: s.tells(next_step=None)),
    (
        "promise made",
        lambda s: s.promises(),
        "promise kept",
        lambda s: promises.keep(s.promise, by=s.cast.ana, at=s.at),
    ),
    ("promise made", lambda s: s.promises(), OUT, MAIL_OUT),
    (
        "promise broken",
        lambda s: (s.promises(), promises.break_(s.promise, because="x", by=s.cast.ana, at=s.at)),
        OUT,
        MAIL_OUT,
    ),
    (
        "handoff offered sales-operations",
        lambda s: s.hands_over(),
        "handoff accepted",
        lambda s: handoffs.accept(s.handoff, by=s.cast.ben, at=s.at),
    ),
    ("handoff accepted sales-operations", lambda s: s.accepts(), OUT, MAIL_OUT),
    (
        "handoff returned",
        lambda s: (
            s.hands_over(),
            handoffs.send_back(s.handoff, missing=["scope"], because="", by=s.cast.ben, at=s.at),
        ),
        "handoff offered",
        lambda s: s.hands_over(),
    ),
    ("fact confirmed need", lambda s: s.tells(need="x"), "fact confirmed scope", lambda s: s.tells(scope="x")),
    (
        "fact stale key_holder",
        lambda s: (s.tells(key_holder="x"), s.moves("agreed"), s.passes(91)),
        "fact confirmed key_holder",
        lambda s: s.tells(key_holder="y"),
    ),
    (
        "exception recorded",
        lambda s: s.excepts(),
        "exception reviewed",
        lambda s: exceptions.review(s.case, by=s.cast.tomas, at=s.at),
    ),
    (
        "question asked",
        lambda s: s.asks(),
        "question answered",
        lambda s: questions.answer(s.question, "x", by=s.cast.ben, at=s.at),
    ),
    (
        "packet changed",
        lambda s: s.changes(),
        "packet noted or packet objected",
        lambda s: handoffs.note_change(s.handoff, "scope", by=s.cast.ben, at=s.at),
    ),
    ("nothing for 14 days", lambda s: s.passes(15), OUT, MAIL_OUT),
    ("no interaction out for 14 days", lambda s: s.passes(15), OUT, MAIL_OUT),
]


@pytest.mark.parametrize(
    ("opens", "opening", "closes", "closing"), SORTS, ids=[f"{sort[0]}, {sort[2]}" for sort in SORTS]
)
def test_a_behavior_written_only_in_yaml_opens_and_closes_its_duty(opens, opening, closes, closing):
    story = Story()
    made_up = f"""
  made-up:
    opens: {opens}
    closes: {closes}
    owed_by: deal owner, else desk lead
    within: 1 working day
    so_that: it is tried out

decisions:"""
    publish(FIRM.replace("\ndecisions:", made_up), by=None, at=MONDAY - DAY)
    story.begin()

    opening(story)
    opened = _states()
    closing(story)

    assert (opened, _states(), fresh(story.deal).pk) == (["open"], ["closed"], story.deal.pk)


def _states() -> list[str]:
    return list(Duty.objects.unscoped("tests").filter(behavior="made-up").values_list("state", flat=True))
