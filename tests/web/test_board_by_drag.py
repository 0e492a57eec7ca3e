"""A card of the board is dragged to another lane. By “Move to…” it goes there in tests/journeys/test_07_moving.py."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from playwright.sync_api import Page, expect

from baton.kernel.verdict import Refusal
from tests.browser import until
from tests.web import test_frame as frame

LANES = """
<div class="board" id="board">{% for lane in lanes %}<section class="lane" aria-label="{{ lane.name }}">
<ul data-lane="{{ lane.name }}">{% for card in lane.cards %}<li data-card data-move="/move/{{ card }}/">
<article class="card"><h3><a href="/deals/">{{ card }}</a></h3></article></li>{% endfor %}</ul>
</section>{% endfor %}</div>
"""
BOARD = """
{% extends "baton/base.html" %}
{% block scripts %}<script defer src="{% static "vendor/sortable.min.js" %}"></script>
<script type="module" src="{% static "js/board.js" %}"></script>{% endblock %}
{% block content %}LANES{% endblock %}
""".replace("LANES", LANES)
lanes: dict[str, list[str]] = {}


def board(request: HttpRequest) -> HttpResponse:
    return frame.rendered(request, BOARD, lanes=_lanes())


def _lanes() -> list[dict[str, object]]:
    return [{"name": name, "cards": cards} for name, cards in lanes.items()]


def move(request: HttpRequest, card: str) -> HttpResponse:
    if request.POST["stage"] == "Agreed":
        raise Refusal("Only its owner may move it there.")
    for name, cards in lanes.items():
        lanes[name] = [other for other in cards if other != card] + [card] * (name == request.POST["stage"])
    return frame.rendered(request, LANES, lanes=_lanes())


urlpatterns = [
    path("board/", login_not_required(board)),
    path("move/<str:card>/", login_not_required(move)),
    *frame.urlpatterns,
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def test_a_card_dragged_to_another_lane_is_moved_there_and_back_again_when_refused(page_at):
    lanes.update({"Quoted": ["Quayside", "Kestrel"], "Mobilising": ["Northgate"], "Agreed": ["Corran"]})
    page = page_at()
    page.goto("/board/")

    with page.expect_response(lambda answer: answer.request.method == "POST"):
        _drag(page, "Quayside", "Northgate")
    until(page, "!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    expect(page.get_by_label("Mobilising").locator("[data-card]")).to_have_text(["Northgate", "Quayside"])
    _drag(page, "Kestrel", "Corran")

    expect(page.locator("#notices")).to_contain_text("Only its owner may move it there.")
    expect(page.get_by_label("Quoted").locator("[data-card]")).to_have_text(["Kestrel"])
    assert lanes == {"Quoted": ["Kestrel"], "Mobilising": ["Northgate", "Quayside"], "Agreed": ["Corran"]}


def _place(page: Page, name: str) -> dict[str, float]:
    """Return where a card lies; asked again where the answer to another drag is just taking its place."""
    for _attempt in range(100):
        if box := page.get_by_role("link", name=name).bounding_box():
            return dict(box)
        page.wait_for_timeout(20)
    raise AssertionError(f"{name} lies nowhere.")


def _drag(page: Page, card: str, onto: str) -> None:
    start, end = _place(page, card), _place(page, onto)
    page.mouse.move(start["x"] + 20, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + 5, steps=12)
    page.mouse.move(end["x"] + 20, end["y"] + 12, steps=4)
    page.mouse.up()
