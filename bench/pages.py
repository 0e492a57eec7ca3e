"""How long pages take: Today, a deal, the board, the list, search. Each beside the same question in bare SQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

from django.db import connection

from baton.decide.registry import registry
from baton.ledger.models import Interaction, InteractionText
from baton.ledger.search import find
from baton.ledger.search.engines import engine
from baton.ledger.search.tokens import found_in
from baton.ledger.text import folded
from baton.ledger.text import words as folded_words
from bench import words
from bench.figures import Figure, figure
from bench.scene import CALLER, Scene

PART = {"HX-Request": "true"}


def today(scene: Scene) -> Figure:
    """Today of a busy member: 50 duties on the page of 250; now and then the next fifty."""
    shown = set()

    def once() -> float:
        after = scene.dice.choice((0, 0, 0, 50, 100))
        took, page = scene.somebody_busy().get("/today/" + (f"?after={after}" if after else ""))
        shown.add(len(set(re.findall(r"/duties/([0-9a-f-]{36})/", page))))
        return took

    took = scene.ask(once)
    bare = scene.bare(
        "SELECT * FROM baton_duty WHERE state = 'open' AND (owed_by_id = %s OR escalated_to_id = %s) "
        "ORDER BY due_at, id LIMIT 50",
        lambda: [scene.key(scene.everybody["bram"].pk)] * 2,
    )
    return figure(
        "today", "Today of a busy member (50 duties of 250)", 60, took, bare, f"{max(shown)} duties on a page"
    )


def deal(scene: Scene) -> Figure:
    """The page of a deal with 300 interactions and more, first screenful."""
    took = scene.ask(lambda: scene.somebody().get(f"/deals/{scene.dice.choice(scene.long_deals)}/")[0])
    bare = scene.bare(
        "SELECT i.*, t.own FROM baton_interaction i JOIN baton_interactiontext t ON t.interaction_id = i.id "
        "WHERE i.deal_id = %s ORDER BY i.happened_at DESC, i.id DESC LIMIT 25",
        lambda: [scene.key(scene.dice.choice(scene.long_deals))],
    )
    note = f"{len(scene.long_deals)} such deals"
    return figure("deal", "Deal page with a 300-interaction timeline", 60, took, bare, note)


def board(scene: Scene) -> Figure:
    """The board, whole or narrowed, all sums exact."""
    owners = [str(member.pk) for member in scene.everybody.values()]

    def once() -> float:
        narrowed = scene.dice.choice(
            ("", "", f"?owner.any={scene.dice.choice(owners)}", "?amount.from=5k", "?region.any=City")
        )
        return scene.somebody().get("/deals/board/" + narrowed)[0]

    took = scene.ask(once)
    bare = scene.bare(
        "SELECT stage, shown, currency, count(*), sum(amount) FROM baton_deal WHERE status IN ('open', 'won') "
        "GROUP BY stage, shown, currency",
        list,
    )
    return figure("board", "Pipeline board, all sums exact", 80, took, bare, f"{len(scene.deals)} deals on it")


def deals(scene: Scene) -> Figure:
    """The list of deals: any sort, any filter, any page."""
    slowest: list[tuple[float, str]] = []

    def once() -> float:
        path = _any_list(scene)
        took = scene.somebody().get(path)[0]
        slowest.append((took, path))
        slowest.sort(reverse=True)
        del slowest[5:]
        return took

    took = scene.ask(once)
    bare = scene.bare(
        "SELECT d.* FROM baton_deal d JOIN baton_fieldindex f ON f.record_id = d.id AND f.field = 'start_date' "
        "WHERE d.status IN ('open', 'won') ORDER BY f.moment DESC, f.record_id DESC LIMIT 50 OFFSET %s",
        lambda: [scene.dice.randint(0, 20) * 50],
    )
    note = "slowest: " + ", ".join(f"{path.partition('?')[2]} {time:.0f} ms" for time, path in slowest[:3])
    return figure("list", "Deals list, any sort, filter and page", 50, took, bare, note)


FILTERS = {
    "region.any": ("City", "Coast"),
    "frequency.any": ("weekly", "monthly"),
    "wanted_from.from": ("2026-06-01",),
    "start_date.to": ("2026-12-31",),
    "start_date.empty": ("",),
    "amount.from": ("5k", "20k"),
    "amount.to": ("2k",),
    "stage.any": ("quoted", "live"),
    "desk.any": ("sales", "billing"),
    "status.any": ("open", "won", "lost", "done"),
    "title.has": ("clean", "tower"),
    "source.is": ("tender",),
    "decision_maker.has": ("ana",),
    "shown.is": ("yes",),
    "purchase_order.begins": ("PO-1",),
    "last_heard_at.from": ("2026-10-01",),
    "site_address.has": ("quayside",),
}


def _any_list(scene: Scene) -> str:
    dice = scene.dice
    sort = dice.choice([name for name in registry() if name != "risk_assessment"])
    pairs = [("sort", dice.choice(("", "-")) + sort), ("page", dice.choice((1, 1, 1, 2, 5, 20, 80, 10_000)))]
    for name, values in dice.sample(list(FILTERS.items()), dice.choice((0, 1, 1, 2))):
        pairs.append((name, dice.choice(values)))
    return "/deals/list/?" + urlencode(pairs)


def search(scene: Scene) -> Figure:
    """Search as one types: any beginning of 2 letters or more, in the palette; and the oldest match is found too."""
    slowest: list[tuple[float, str]] = []

    def once() -> float:
        typed = _typed(scene)
        took = scene.somebody().get("/search/?" + urlencode({"q": typed}), **PART)[0]
        slowest.append((took, typed))
        slowest.sort(reverse=True)
        del slowest[3:]
        return took

    took = scene.ask(once)
    note = "slowest: " + ", ".join(f"“{typed}” {time:.0f} ms" for time, typed in slowest) + "; " + _oldest_found(scene)
    return figure("search", "Search as you type, newest first", 50, took, _bare_search(scene), note)


def _typed(scene: Scene) -> str:
    dice, found = scene.dice, []
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        pool = dice.choice((words.VOCABULARY, words.COMMON, words.FIRST, words.LAST, words.PLACE, words.TRADE))
        word = dice.choice(pool)
        found.append(word[: dice.randint(2, max(2, len(word)))])
    return " ".join(found)


def _bare_search(scene: Scene) -> list[float]:
    from baton.ledger.search.asking import Alternative, Ask
    from baton.ledger.search.places import END

    def once() -> float:
        import time

        began = time.perf_counter()
        beginnings = tuple("b" + word for word in folded_words(_typed(scene)) if len(word) > 1)[:1] or ("bre",)
        with connection.cursor() as cursor:
            engine().walk(cursor, Ask((Alternative(beginnings),)), END, 32)
        return (time.perf_counter() - began) * 1000

    return [once() for _ in range(min(40, scene.asked))]


def _oldest_found(scene: Scene) -> str:
    """Look for the words of the oldest messages, and compare with what reading every message finds."""
    member = scene.everybody["tomas"]
    oldest = Interaction.objects.unscoped(CALLER).filter(filed_at__isnull=False).order_by("happened_at")[:3]
    for row in oldest:
        rare = max(folded_words(InteractionText.objects.unscoped(CALLER).get(pk=row.pk).own), key=_rarity)[:40]
        wanted = _by_reading(rare)
        found = [hit.id for hit in find(member, rare, kinds=["interaction"], limit=max(50, len(wanted) + 5))]
        if row.pk not in found or not set(found) >= wanted:
            raise RuntimeError(f"search for {rare!r} missed {len(wanted - set(found))} of {len(wanted)}")
    return "the oldest are found, as by reading all"


def _rarity(word: str) -> tuple[bool, int]:
    return word.isalpha() and word not in words.COMMON, len(word)


def _by_reading(beginning: str) -> set:
    """Read every message that everybody may read, and return those with a word that begins so."""
    found = set()
    rows = (
        Interaction.objects.unscoped(CALLER)
        .filter(audience="full")
        .values_list("pk", "subject", "from_name", "from_address")
    )
    heads = {pk: " ".join(head) for pk, *head in rows.iterator(chunk_size=20_000)}
    for pk, own, signature in InteractionText.objects.unscoped(CALLER).values_list("pk", "own", "signature").iterator():
        if (
            pk in heads
            and beginning in (text := folded(f"{heads[pk]} {own} {signature}"))
            and found_in(text, [beginning])
        ):
            found.add(pk)
    return found


PAGES: dict[str, Callable[[Scene], Figure]] = {
    "today": today,
    "deal": deal,
    "board": board,
    "list": deals,
    "search": search,
}
