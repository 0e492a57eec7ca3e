"""Every component once, drawn from plain values."""

import pytest
from django import forms
from django.template import engines
from selectolax.lexbor import LexborHTMLParser

from baton.web import marks
from baton.web.stylesheet import CSS, bundle

HOSTILE = "<b onclick=alert(1)>\"'&"


def drawn(source: str, **context: object) -> LexborHTMLParser:
    return LexborHTMLParser(engines["django"].from_string(source).render(context))


def words(tree: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in tree.css(selector)]


def attributes(tree: LexborHTMLParser, selector: str, name: str) -> list[str | None]:
    return [node.attributes.get(name) for node in tree.css(selector)]


def test_a_value_says_its_trust_in_a_word_and_is_a_link_to_its_source_where_it_has_one():
    tree = drawn('{% value "after 19:00" "suggested" age="from Friday" href="/facts/1/" %}{% value "x" "confirmed" %}')

    assert words(tree, "a.value") == ["after 19:00 suggestedfrom Friday"]
    assert attributes(tree, "a.value", "hx-target") == ["#source"]
    assert attributes(tree, "span.value", "data-trust") == ["confirmed"]


@pytest.mark.parametrize("state", ["confirmed", "suggested", "stale", "missing"])
def test_each_trust_has_its_own_moon(state):
    assert attributes(drawn("{% trust s %}", s=state), "use", "href") == [f"{marks.sprite()}#trust-{state}"]


def test_a_baton_says_its_packet_in_a_sentence_and_keeps_the_order_of_its_items():
    tree = drawn("{% baton_strip s size='s' %}", s=["there", "missing", {"has": "stale"}, "there"])

    assert attributes(tree, ".baton", "aria-label") == ["Packet: 2 of 4 there"]
    assert attributes(tree, ".baton i", "data-has") == [None, "missing", "stale", None]


def test_a_large_baton_is_read_item_by_item():
    tree = drawn(
        "{% baton_strip s size='l' %}", s=[{"name": "Scope", "has": "there"}, {"name": "Keys", "has": "later"}]
    )

    assert words(tree, "ol.baton li") == ["Scope: there", "Keys: not asked yet"]


@pytest.mark.parametrize(("share", "left"), [(0.52, "52 100"), (0, "0 100"), (None, "100 100"), (1.7, "100 100")])
def test_a_clock_shows_the_share_of_the_time_that_is_left(share, left):
    tree = drawn("{% clock 'soon' share %}", share=share)

    assert attributes(tree, "circle:last-child", "stroke-dasharray") == [left]


def test_a_late_clock_is_a_disc_with_a_mark():
    assert len(drawn("{% clock 'late' %}").css("path")) == 1


def test_what_somebody_said_is_quoted_with_what_was_read_from_it_marked():
    text = "start on 1 December, after seven"

    tree = drawn("<p>{{ t|said:s }}</p>", t=text, s=[(9, 19), (0, 12), (27, 99)])

    assert words(tree, "mark") == ["start on 1 December", "seven"]
    assert words(tree, "p") == ["“start on 1 December, after seven”"]


def test_words_from_outside_are_text_and_nothing_else():
    tree = drawn(
        "{{ t|said:s }}{% value t 'stale' t t %}{% chip t %}{% member_disc t %}{% evidence 'said' t %}"
        "{% quote t s t t %}"
        "{% figure t t %}1{% endfigure %}{% section_head t t t %}{% act t t why_not=t name=t %}{% more t t %}",
        t=HOSTILE,
        s=[(0, 5)],
    )

    assert tree.css("b, [onclick]") == []


def test_a_rail_shows_desks_stages_their_evidence_and_the_baton_between():
    stages = [
        {"name": "Visited", "evidence": "said", "text": "no evidence"},
        {"name": "Quoted", "evidence": "shown", "href": "#e4", "link": "Q-0412 sent", "text": "5 Nov", "now": True},
    ]
    exchange = {"segments": ["there", "missing"], "lines": ["1 of 2", "there"]}

    tree = drawn("{% rail desks %}", desks=[{"name": "Sales", "now": True, "stages": stages, "exchange": exchange}])

    assert words(tree, ".rail-desk-name") == ["Sales"]
    assert attributes(tree, ".stage", "data-evidence") == ["said", "shown"]
    assert words(tree, ".stage-evidence") == ["no evidence", "Q-0412 sent, 5 Nov"]
    assert words(tree, "[aria-current=step] .stage-name") == ["Quoted, now"]
    assert attributes(tree, ".rail-exchange .baton", "aria-label") == ["Packet: 1 of 2 there"]


def test_a_duty_is_a_row_with_what_settles_it():
    row = {"id": "d1", "what": "Reply to Dana", "href": "/deals/1/", "because": "Because she asked.", "state": "soon"}

    tree = drawn("{% duty row %}<button>Reply</button>{% endduty %}", row=row | {"share": 0.5, "due": "by 11:12"})

    assert attributes(tree, "li[data-row]", "data-due") == ["soon"]
    assert words(tree, ".duty-what, .duty-because, .duty-due, .duty-act") == [
        "Reply to Dana",
        "Because she asked.",
        "by 11:12",
        "Reply",
    ]


def test_a_packet_item_says_what_breaks_only_while_it_is_not_there():
    items = [
        {"name": "Keys", "has": "missing", "text": "Nobody has said", "why": "The crew stands outside"},
        {"name": "Scope", "has": "there", "text": "14 floors", "why": "Wrong price", "note": "Nell, 29 Oct"},
        {"name": "Photos", "has": "later"},
    ]

    tree = drawn("<ul>{% for i in items %}{% packet_row i %}{% endpacket_row %}{% endfor %}</ul>", items=items)

    assert attributes(tree, "li", "data-has") == ["missing", None, "later"]
    assert attributes(tree, "li > .trust", "data-trust") == ["missing", "confirmed"]
    assert words(tree, ".packet-why") == ["The crew stands outside"]


def test_an_event_carries_its_lag_their_words_and_what_was_read():
    entry = {"id": "e1", "icon": "mail", "head": "Email from Dana", "at": "16:42", "lag": 25 * 60, "said": "Yes please"}

    tree = drawn("{% event entry %}{% chip 'Promise' 'pencil' 'clock' %}{% endevent %}", entry=entry)

    assert words(tree, ".event-head") == ["Email from Dana16:42a day later"]
    assert words(tree, ".said, .event-read .chip") == ["“Yes please”", "Promise"]


def test_an_act_is_a_plain_form_that_htmx_makes_nicer():
    tree = drawn("{% act '/x/' 'Confirm' key='Y' kind='main' target='closest [data-row]' step='2' %}", csrf_token="t0k")

    assert attributes(tree, "form", "method") == ["post"]
    assert attributes(tree, "form", "hx-post") == ["/x/"]
    assert attributes(tree, "input", "value") == ["t0k", "2"]
    assert attributes(tree, "button", "data-key") == ["Y"]


def test_what_is_not_possible_yet_says_why():
    tree = drawn("{% act '/x/' 'Hand over' why_not='One item is missing' %}")

    assert attributes(tree, "button[disabled]", "title") == ["One item is missing"]


class Start(forms.Form):
    on = forms.DateField(label="Start date", help_text="Operations books the crew by it.")
    sure = forms.BooleanField(label="Certain", required=False)


def test_a_field_says_who_reads_it_and_what_to_do_about_an_error():
    form = Start({"on": "31 Nov"})

    tree = drawn("{% field form.on %}{% field form.sure %}", form=form)

    assert words(tree, "label") == ["Start date", "Certain"]
    assert words(tree, ".why") == ["Operations books the crew by it."]
    assert words(tree, ".error") == ["Enter a valid date."]
    assert attributes(tree, "input.input", "aria-describedby") == ["id_on-error"]


def test_the_parts_with_content_keep_it():
    tree = drawn(
        "{% notice tone='late' icon='wifi-off' %}<p>1</p>{% endnotice %}{% nothing 'None' %}<p>2</p>{% endnothing %}"
        "{% panel 'People' %}<p>3</p>{% endpanel %}{% menu 'm' 'More' %}<p>4</p>{% endmenu %}"
        "{% control 'Name' id='n' %}<p>5</p>{% endcontrol %}"
    )

    assert words(tree, "p") == ["1", "2", "3", "4", "5"]
    assert attributes(tree, "[popovertarget]", "popovertarget") == attributes(tree, "[popover]", "id")


def test_views_and_ways_to_see_are_links_and_one_is_current():
    items = [{"label": "Mine", "href": "/?mine", "count": 0, "current": True}, {"label": "All", "href": "/"}]

    tree = drawn("{% tabs items 'Views' %}{% switch items 'Whose' target='#list' %}", items=items)

    assert words(tree, "[aria-current]") == ["Mine 0", "Mine 0"]
    assert attributes(tree, ".switch a", "hx-push-url") == ["true", "true"]


def test_the_command_key_is_left_to_the_style_sheet():
    tree = drawn("{% key 'Mod+K' %}{% key 'R' %}")

    assert words(tree, "kbd") == ["K", "R"]
    assert words(tree, "kbd[data-mod]") == ["K"]


def test_a_receipt_and_a_key_hint_and_a_dialogs_head():
    tree = drawn(
        "{% receipt 'Used' '9–13 Nov' lines '12 entries' '31 uses' %}{% keyhint 'J' 'next' %}"
        "{% dialog_head 'Return' %}",
        lines=[{"when": "Mon", "text": "Ingrid kept the date"}],
    )

    assert words(tree, ".receipt li, .receipt-sum") == ["MonIngrid kept the date", "12 entries31 uses"]
    assert len(tree.css("[data-close]")) == 1


def test_the_one_file_of_styles_is_up_to_date():
    assert (CSS / "all.css").read_text() == bundle(), "Run python -m baton.web.stylesheet"


def test_the_styles_stay_within_45_kilobytes():
    assert len(bundle()) < 45 * 1024
