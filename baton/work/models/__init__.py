"""The tables of the work: what was handed over, promised, asked and excepted, and who owes what by when."""

from baton.work.models.absences import Absence
from baton.work.models.commitments import ExceptionCase, Handoff, Promise, Question
from baton.work.models.crew import CrewAddress, CrewOpening
from baton.work.models.duties import Duty
from baton.work.models.lapses import Lapse
from baton.work.models.meetings import Meeting
from baton.work.models.watches import Use, Watch

__all__ = [
    "Absence", "CrewAddress", "CrewOpening", "Duty", "ExceptionCase", "Handoff", "Lapse", "Meeting", "Promise",
    "Question", "Use", "Watch",
]  # fmt: skip
