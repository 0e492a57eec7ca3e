"""The words that other programs have for where a deal stands, and which stage of this map they come to. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from baton.channels.sheets.columns import plain
from baton.map.elements import Stage
from baton.map.schema import OperatingMap

WON = frozenset(
    "won closedwon iswon dealwon success successful sold gewonnen erfolgreich abgeschlossengewonnen dobiveno dobivena "
    "zatvorenodobiveno prodano ordered beauftragt ugovoreno".split()
)
LOST = frozenset(
    "lost closedlost deallost unsuccessful abandoned cancelled canceled rejected declined verloren abgelehnt storniert "
    "izgubljeno izgubljena zatvorenoizgubljeno odbijeno otkazano dead disqualified closedlosttocompetition".split()
)
OPEN = frozenset("open active inprogress working offen laufend aktiv otvoreno otvorena utijeku aktivno".split())
_RANKS = (
    (
        "new lead newlead prospect prospecting enquiry inquiry request initialcontact unqualified open incoming "
        "neu anfrage interessent neueranfrage novi novo upit noviupit zahtjev potencijalni "
    ),
    (
        "engaging engaged contacted contactmade attempted needsanalysis needsidentified valueproposition "
        "iddecisionmakers perceptionanalysis qualification qualified meeting meetingarranged meetingscheduled "
        "appointmentscheduled qualifiedtobuy presentationscheduled discovery demo demoscheduled sitevisit visited "
        "survey identifydecisionmakers kontaktiert qualifiziert termin bedarfsanalyse besichtigung kontaktirano "
        "kvalificirano sastanak razgled izvid "
    ),
    (
        "proposal proposalmade proposalsent proposalpricequote quote quoted quotesent pricequote estimate tender "
        "bid offer proposalorpricequote angebot angeboten angebotverschickt angebotgesendet kostenvoranschlag "
        "ponuda ponudaposlana poslanaponuda ponudeno "
    ),
    (
        "negotiation negotiations negotiating negotiationreview negotiationsstarted decisionmakerboughtin "
        "contractsent verbal verbalagreement commit committed verhandlung inverhandlung vertraggesendet pregovori "
        "upregovorima ugovorposlan usmenodogovoreno "
    ),
)
RANKS = {word: rank for rank, words in enumerate(_RANKS) for word in words.split()}
"""Word → how far along: asked, in talks, quoted, about to decide."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a deal stands by a sheet's word: a stage, and whether it is open, won or lost."""

    stage: Stage
    status: str


class Stages:
    """Finds the stage that a word means: as somebody said, as the map calls it, else as it is usual."""

    def __init__(self, operating_map: OperatingMap, said: dict[str, str]) -> None:
        self.map, self.said = operating_map, said
        stages = list(operating_map.stages.values())
        self.named = {plain(word): stage for stage in stages for word in (stage.id, stage.key, stage.name)}
        self.winning = next((s for s in stages if s.closes == "won"), None) or next(
            (s for s in stages if s.weight == 1), stages[-1]
        )
        before = stages[: stages.index(self.winning)]
        self.open = [stage for stage in before if not stage.closes] or [stages[0]]
        self.losing = next((stage for stage in stages if stage.closes == "lost"), self.open[0])

    def standing(self, word: str) -> Standing | None:
        """Return where a word puts a deal, None for one that says nothing here."""
        wanted = self.said.get(word, "")
        known = self.map.stage_by_id(wanted) if wanted else self.named.get(plain(word))
        if known:
            return Standing(known, self._status(known))
        return self.outcome(wanted or word) or self._ranked(plain(word))

    def outcome(self, word: str) -> Standing | None:
        """Return where a word for the end of a deal puts it; also “open”."""
        word = plain(word)
        if word in WON:
            return Standing(self.winning, "won")
        if word in LOST:
            return Standing(self.losing, "lost")
        return Standing(self.open[0], "open") if word in OPEN else None

    def _ranked(self, word: str) -> Standing | None:
        rank = RANKS.get(word)
        if rank is None:
            return None
        quoted = [stage for stage in self.open if stage.entered_by.matches("document.out", "quote")]
        if rank == 2 and quoted:
            return Standing(quoted[0], "open")
        place = len(self.open) - 1 if rank == 3 else min(rank, len(self.open) - 1)
        return Standing(self.open[place], "open")

    def _status(self, stage: Stage) -> str:
        if stage.closes:
            return stage.closes
        won = any(earlier.closes == "won" for earlier in self.map.stages_until(stage.id))
        return "won" if won else "open"
