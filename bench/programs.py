"""How long the API takes: one deal with its facts, and a list of a hundred. Each beside the same in bare SQL."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlencode

from baton.decide.registry import registry
from baton.gate.access import tokens
from baton.kernel.clock import now
from bench.figures import Figure, figure
from bench.scene import Scene

A_LIST = 100


def _lent(scene: Scene) -> Callable[[], dict[str, str]]:
    """Give everybody's program a token; return what chooses one of them."""
    made = [tokens.make("bench", ["read"], days=30, by=member, at=now())[1] for member in scene.everybody.values()]
    return lambda: {"Authorization": f"Bearer {scene.dice.choice(made)}"}


def deal(scene: Scene) -> Figure:
    """One deal with its facts, as any of twelve people."""
    somebody, facts = _lent(scene), []

    def once() -> float:
        took, body = scene.somebody().get(f"/api/v1/deals/{scene.dice.choice(scene.deals)}", **somebody())
        facts.append(len(json.loads(body)["facts"]))
        return took

    took = scene.ask(once)
    bare = scene.bare("SELECT * FROM baton_deal WHERE id = %s", lambda: [scene.key(scene.dice.choice(scene.deals))])
    note = f"{sum(facts) / len(facts):.0f} facts each"
    return figure("api-deal", "API: one deal with its facts", 15, took, bare, note)


def deals(scene: Scene) -> Figure:
    """A hundred deals, in any order of the registry, from the first page on or from a page within."""
    somebody, names = _lent(scene), [name for name, one in registry().items() if one.field is None]

    def once() -> float:
        asked = {"limit": A_LIST, "sort": scene.dice.choice(("", "-")) + scene.dice.choice(names)}
        took, body = scene.somebody().get(f"/api/v1/deals?{urlencode(asked)}", **somebody())
        assert len(json.loads(body)["items"]) == A_LIST, "the business is too small for a list of a hundred"
        return took

    took = scene.ask(once)
    bare = scene.bare(
        "SELECT * FROM baton_deal WHERE status IN ('open', 'won') ORDER BY stage_since DESC, id DESC LIMIT 100", list
    )
    return figure("api-list", f"API: a list of {A_LIST} deals", 40, took, bare, f"{len(names)} orders")


PROGRAMS: dict[str, Callable[[Scene], Figure]] = {"api-deal": deal, "api-list": deals}
