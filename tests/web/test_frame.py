"""What stands around every screen: the frame, keys and dialogs, and the answers when something can't be done."""

import logging

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import path
from playwright.sync_api import Page, expect
from selectolax.lexbor import LexborHTMLParser

from baton.kernel.verdict import Conflict, Refusal
from baton.web.pages import page
from tests.browser import assert_accessible, assert_no_sideways_scroll, until

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
FRAME = {
    "business": "Harbour & Lime",
    "member": {"name": "Nell Harrow", "desk": "Sales"},
    "counts": {"today": 7, "today_late": 2, "inbox": 6, "deals": 16, "handoffs": 0},
    "health": {"tone": "hand", "sentence": "All 5 channels answering."},
    "section": "today",
    "capture_key": "first",
}
LIST = """
{% extends "baton/base.html" %}
{% block title %}Today{% endblock %}
{% block page_head %}<header class="page-head"><div><h1>Today</h1></div></header>{% endblock %}
{% block content %}
<ol>
{% for row in rows %}{% duty row %}<div class="actions">
{% act "/settled/" "Settle" key="Y" target="closest [data-row]" %}
{% act "/refused/" "Hand over" key="H" target="closest [data-row]" %}
{% value "after 19:00" "suggested" href="/source/" %}
</div>{% endduty %}{% endfor %}
</ol>
{% endblock %}
{% block keys %}{% keyhint "Y" "settle" %}{% endblock %}
"""
ROWS = [
    {"id": f"d{n}", "what": f"Duty {n}", "href": "/deals/", "because": "Because.", "state": "today"} for n in (1, 2)
]
kept: list[dict[str, str]] = []


def rendered(request: HttpRequest, source: str, **context: object) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(source).render({"frame": FRAME, **context}, request))


def today(request: HttpRequest) -> HttpResponse:
    return rendered(request, LIST, rows=ROWS)


def quick(request: HttpRequest) -> HttpResponse:
    kept.append(request.POST.dict())
    return HttpResponse("recorded")


def read(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"Read: {request.POST['line']}")


def source(request: HttpRequest) -> HttpResponse:
    return HttpResponse('<p class="source-state">Suggested. Nobody has confirmed it.</p>')


def search(request: HttpRequest) -> HttpResponse:
    return HttpResponse('<ul><li><a href="/deals/">Quayside Tower</a></li></ul>')


def refused(request: HttpRequest) -> HttpResponse:
    request.POST.get("note")
    raise Refusal("Operations has no lead. Ask Tomas to name one.")


def overtaken(request: HttpRequest) -> HttpResponse:
    raise Conflict("Priya changed it at 09:14.")


def broken(request: HttpRequest) -> HttpResponse:
    request.POST.get("note")
    raise ValueError("the drawer is stuck")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def moved(request: HttpRequest) -> HttpResponse:
    return redirect("/deals/")


def settled(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def stub(request: HttpRequest) -> HttpResponse:
    return rendered(request, "{% extends 'baton/base.html' %}{% block content %}<h1>Elsewhere</h1>{% endblock %}")


NAMED = [
    "inbox",
    "deals",
    "handoffs",
    "contacts",
    "companies",
    "map",
    "people",
    "settings",
    "channels",
    "guides",
    "what-we-use",
    "account_logout",
    "mirror",
]
VIEWS = [read, source, refused, overtaken, broken, forbidden, moved, settled]
urlpatterns = [
    path("", today, name="today"),
    path("quick/", quick, name="quick"),
    path("quick/reading/", read, name="quick-reading"),
    path("search/", search, name="search"),
    *(path(f"{name}/", stub, name=name) for name in NAMED),
    *(path(f"{view.__name__}/", view) for view in VIEWS),
]
for each in urlpatterns:
    each.callback = login_not_required(each.callback)
handler400 = "baton.web.errors.bad_request"
handler403 = "baton.web.errors.forbidden"
handler404 = "baton.web.errors.not_found"
handler500 = "baton.web.errors.failed"

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def text(response: HttpResponse, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in LexborHTMLParser(response.content.decode()).css(selector)]


def test_the_side_names_the_business_the_page_and_what_is_waiting(client):
    response = client.get("/")

    assert text(response, ".brand small") == ["Harbour & Lime"]
    assert text(response, ".side [aria-current=page]") == ["Today 2 late"]
    assert text(response, ".side .nav-item .count") == ["2 late", "6", "16", "Sales"]
    assert text(response, ".health") == ["All 5 channels answering."]


def test_no_page_holds_a_script_or_a_style_of_its_own(client):
    tree = LexborHTMLParser(client.get("/").content.decode())

    assert tree.css("script:not([src]), style, [style], [onclick]") == []


def test_a_visit_gets_the_page_and_htmx_the_part():
    visit, part = RequestFactory().get("/"), RequestFactory().get("/", headers=HTMX)
    whole = RequestFactory().get("/", headers={**HTMX, "HX-Request-Type": "full"})

    names = [page("today", visit, "duties"), page("today", part, "duties"), page("today", whole, "duties")]

    assert names == ["baton/today.html", "baton/today.html#duties", "baton/today.html"]
    assert page("today", part) == "baton/today.html"


def test_every_answer_says_what_it_may_use_and_that_a_part_is_not_its_page(client):
    headers = client.get("/").headers

    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-cache"
    assert "HX-Request" in headers["Vary"]


def test_a_refusal_is_a_notice_for_htmx_and_touches_nothing_else(client):
    response = client.post("/refused/", headers=HTMX)

    assert response.status_code == 422
    assert response.headers["HX-Retarget"] == "#notices"
    assert text(response, ".notice") == ["That can’t be done. Operations has no lead. Ask Tomas to name one."]


def test_a_refusal_of_a_plain_form_keeps_what_was_typed_and_leads_back(client):
    typed = {"note": "keys <with> Colin", "password": "secret"}

    response = client.post("/refused/", typed, headers={"Referer": "http://testserver/deals/?q=1"})

    tree = LexborHTMLParser(response.content.decode())
    assert response.status_code == 422
    assert [node.text() for node in tree.css("textarea")] == ["keys <with> Colin"]
    assert "secret" not in response.content.decode()
    assert [node.attributes["href"] for node in tree.css("a.button")] == ["/deals/?q=1"]


def test_what_another_site_typed_is_not_offered_to_be_sent_again(client):
    response = client.post("/refused/", {"note": "x"}, headers={"Referer": "https://evil.example/"})

    assert text(response, "textarea") == []
    assert 'href="/"' in response.content.decode()


def test_who_came_second_is_told_so(client):
    response = client.post("/overtaken/", headers=HTMX)

    assert response.status_code == 409
    assert text(response, ".notice") == ["Somebody was quicker. Priya changed it at 09:14."]


def test_an_error_of_ours_is_loud_in_the_log_and_humane_on_the_screen(client, caplog):
    with caplog.at_level(logging.ERROR, logger="baton.web"):
        response = client.post("/broken/", {"note": "long text"}, headers={"Referer": "http://testserver/"})

    record = next(record for record in caplog.records if record.name == "baton.web")
    assert response.status_code == 500
    assert text(response, "h1, textarea") == ["Something broke", "long text"]
    assert record.getMessage().split()[-1] in response.content.decode()
    assert "the drawer is stuck" in str(record.exc_info[1])


@pytest.mark.parametrize(
    ("address", "status", "title"), [("/forbidden/", 403, "Not yours to open"), ("/nowhere/", 404, "Nothing here")]
)
def test_what_may_not_be_seen_and_what_is_not_there_have_a_page(client, address, status, title):
    response = client.get(address)

    assert (response.status_code, text(response, "h1")) == (status, [title])


def test_what_is_too_large_says_so(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    response = client.post("/refused/", {"note": "more than ten bytes"})

    assert (response.status_code, text(response, "h1")) == (413, ["Too large"])


def test_a_form_from_an_old_page_can_be_sent_again():
    client = Client(enforce_csrf_checks=True)

    response = client.post("/settled/", {"note": "typed"}, headers={"Referer": "http://testserver/"})

    assert (response.status_code, text(response, "h1, textarea")) == (403, ["Please send it again", "typed"])


def test_a_redirect_takes_the_whole_page_along_with_htmx_too(client):
    plain, htmx = client.post("/moved/"), client.post("/moved/", headers=HTMX)

    assert (plain.status_code, plain.headers["Location"]) == (302, "/deals/")
    assert (htmx.status_code, htmx.headers["HX-Redirect"]) == (204, "/deals/")


def test_keys_walk_the_rows_and_a_settled_row_hands_the_focus_on(page_at):
    page = _at_today(page_at)
    page.keyboard.press("j")
    expect(page.locator("#d1")).to_be_focused()

    page.keyboard.press("y")

    expect(page.locator("#d1")).to_have_count(0)
    expect(page.locator("#d2")).to_be_focused()


def test_a_refusal_is_said_on_the_page_and_the_row_stays(page_at):
    page = _at_today(page_at)

    page.keyboard.press("h")

    expect(page.locator("#notices")).to_contain_text("Operations has no lead.")
    expect(page.locator("[data-row]")).to_have_count(2)


def test_two_letters_go_to_a_page_and_none_do_while_typing_or_turned_off(page_at):
    page = _at_today(page_at)
    page.keyboard.press("c")
    page.get_by_label("What happened, in one line").press_sequentially("gd c")
    expect(page.locator("#quick-read")).to_have_text("Read: gd c")
    page.keyboard.press("Escape")
    page.evaluate("document.documentElement.dataset.keys = 'off'")
    page.keyboard.press("c")
    expect(page.locator("#capture")).not_to_be_visible()
    page.evaluate("delete document.documentElement.dataset.keys")

    page.keyboard.press("g")
    page.keyboard.press("d")

    expect(page.get_by_role("heading", name="Elsewhere")).to_be_visible()


def test_a_dialog_gives_the_focus_back_to_what_opened_it(page_at):
    page = _at_today(page_at)
    page.get_by_role("link", name="Capture").click()
    expect(page.get_by_role("dialog", name="What happened?")).to_be_visible()

    page.get_by_role("button", name="Close").click()

    expect(page.get_by_role("link", name="Capture")).to_be_focused()


def test_the_source_of_a_value_stands_beside_it_and_escape_leads_back(page_at):
    page = _at_today(page_at)
    value = page.locator("#d2 .value")
    value.click()
    expect(page.locator("#source")).to_contain_text("Nobody has confirmed it.")
    expect(value).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("Escape")

    expect(page.locator("#source")).not_to_be_visible()
    expect(value).to_be_focused()


def test_the_palette_finds_and_does(page_at):
    page = _at_today(page_at)
    page.keyboard.press("Control+k")
    page.keyboard.type("quay")
    expect(page.locator("#found a")).to_have_text("Quayside Tower")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).to_have_url("http://" + page.url.split("/")[2] + "/deals/")


def test_a_theme_is_kept_on_the_device_and_there_before_the_first_paint(page_at):
    page = _at_today(page_at)
    page.get_by_role("button", name="Nell Harrow").click()
    page.get_by_role("button", name="Dark").click()

    page.reload()

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_line_written_without_a_connection_is_recorded_later_with_its_own_time(page_at):
    kept.clear()
    page = _at_today(page_at)
    page.context.set_offline(True)
    for line in ("Dana rang", "Colin too"):
        page.keyboard.press("c")
        page.get_by_label("What happened, in one line").fill(line)
        page.get_by_role("button", name="Record").click()
        expect(page.locator("#capture")).not_to_be_visible()
    expect(page.locator(".offline-note")).to_contain_text("2 waiting")

    page.context.set_offline(False)

    expect(page.locator(".offline-note")).not_to_be_visible()
    expect(page.locator("[data-kept]")).to_have_attribute("hidden", "")
    until(page, "localStorage.getItem('baton.kept') === '[]'")
    assert [entry["line"] for entry in kept] == ["Dana rang", "Colin too"]
    assert all(entry["typed_at"].endswith("Z") for entry in kept)
    assert kept[0]["key"] == "first" != kept[1]["key"]


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_frame_is_accessible_and_never_scrolls_sideways(page_at, width, scheme):
    page = page_at(width, scheme)
    page.goto("/")

    assert_accessible(page)
    assert_no_sideways_scroll(page)


def _at_today(page_at) -> Page:
    page = page_at()
    page.goto("/")
    until(page, "document.querySelector('[data-row][aria-current]') && window.htmx")
    return page
