"""Verdicts: may this be done, and why or why not, in a sentence that the person reads."""

from dataclasses import dataclass
from typing import Literal


class Refusal(Exception):
    """Baton won't do it. `sentence` says why and what would help; it is shown as it is."""

    def __init__(self, sentence: str) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class Conflict(Refusal):
    """Somebody else changed the same record meanwhile; nothing was written.

    `version` is the record as it is now: who has read the sentence and saves again, saves over that.
    """

    def __init__(self, sentence: str, version: int | None = None) -> None:
        super().__init__(sentence)
        self.version = version


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer with its reason: allowed, asked for first, or refused."""

    answer: Literal["allow", "ask", "refuse"]
    because: str = ""

    @classmethod
    def allow(cls, because: str = "") -> "Verdict":
        return cls("allow", because)

    @classmethod
    def ask(cls, because: str) -> "Verdict":
        return cls("ask", because)

    @classmethod
    def refuse(cls, because: str) -> "Verdict":
        return cls("refuse", because)

    def or_refuse(self) -> None:
        """Raise the `Refusal` unless the answer is to allow."""
        if self.answer != "allow":
            raise Refusal(self.because)
