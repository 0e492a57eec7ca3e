"""Editing a draft on its drawing: each request is one edit of its text, kept at once and taken back with undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.map import editing
from baton.map.current import current_map, current_version
from baton.map.drafts import can_redo, can_undo, draft_of, edit_draft, moment_of, redo, undo, version_of
from baton.map.models import MapDraft, MapVersion
from baton.map.places import Places
from baton.map.reading import read_as_far
from baton.map.schema import OperatingMap
from baton.map.writing import Written
from baton.members.models import Member
from baton.web.map.behavior_form import BehaviorForm
from baton.web.map.choices import Lists
from baton.web.map.drafts import verdict
from baton.web.map.drawn import GROUPS, On, Parts
from baton.web.map.forms import DecisionForm, DeskForm, ElementForm, FieldForm, HandoffForm, StageForm, WholeForm
from baton.web.map.people import Names
from baton.web.map.telling import behavior_told
from baton.web.pages import wants_part, whole_number

Edit = Callable[[str], str]
FORMS: dict[str, type[ElementForm]] = {
    "": WholeForm,
    "desks": DeskForm,
    "stages": StageForm,
    "handoffs": HandoffForm,
    "fields": FieldForm,
    "behaviors": BehaviorForm,
    "decisions": DecisionForm,
}


@require_safe
def drawing(request: HttpRequest) -> HttpResponse:
    """Draw one's draft, or the map in force where there is none, with the form of what is chosen."""
    return _page(request, request.GET.get("on", ""))


@require_POST
def whole(request: HttpRequest) -> HttpResponse:
    """Change what is said of the map itself."""
    return _save_form(request, "", "")


@require_POST
def element(request: HttpRequest, group: str, key: str) -> HttpResponse:
    """Change what is said of one element."""
    return _save_form(request, _group(group), key)


def _save_form(request: HttpRequest, group: str, key: str) -> HttpResponse:
    """Keep what the form says; where it can't be read, show it again with what was typed."""
    drawn, _text = _drawn(request)
    on = On.read(f"{group}:{key}", drawn)
    if group and not on.group:
        raise Refusal(_("“{key}” isn’t in this draft any more. Look at it anew.").format(key=key))
    form = FORMS[on.group](request.POST, on.of(drawn), Lists(drawn, Names()))
    if not form.is_valid():
        return _page(request, str(on), form=form, status=422)
    name = request.POST.get("name", "")
    return _done(request, lambda text: _said_by(form, on, name, text), str(on))


def _said_by(form: ElementForm, on: On, name: str, text: str) -> str:
    entries = form.changed_entries()
    if not on.group:
        return editing.put_whole(text, entries)
    if name.strip() and " ".join(name.split()) != form.element.name:
        text = editing.rename(text, on.group, on.key, name)
    if entries:
        text = editing.put(text, on.group, on.key, entries)
    if isinstance(form, FieldForm) and {"handoffs", "decisions"} & set(form.changed_data):
        text = editing.need(text, on.key, form.cleaned_data["handoffs"], form.cleaned_data["decisions"])
    return text


@require_POST
def elements(request: HttpRequest) -> HttpResponse:
    """Add an element, at a place where one is meant."""
    drawn, text = _drawn(request)
    group, name = _group(request.POST.get("group", "")), " ".join(request.POST.get("name", "").split())
    ends = [request.POST.get(end, "") for end in ("from", "to")]
    if group == "handoffs":
        name = name or "-".join(ends)
    if not name:
        raise Refusal(_("A name is needed here."))
    key = editing.free_key(text, group, name)
    begun = _begun(group, drawn, request)
    before = request.POST.get("before", "")

    def add(text: str) -> str:
        text = editing.add(text, group, key, begun, before)
        text = text if group == "handoffs" and name == "-".join(ends) else editing.rename(text, group, key, name)
        carrying = request.POST.get("carried_by", "")
        return editing.carry(text, carrying, key) if group == "fields" and carrying else text

    return _done(request, add, f"{group}:{key}", focus=True)


def _begun(group: str, drawn: OperatingMap, request: HttpRequest) -> dict[str, Written]:
    """What a new element says at first: as much as makes it one that works, where that can be known."""
    owner = drawn.owner.partition("@")[0]
    first = next(iter(drawn.stages), "")
    if group == "handoffs":
        return _handoff_between(drawn, request.POST.get("from", ""), request.POST.get("to", ""))
    begun: dict[str, dict[str, Written]] = {
        "desks": {"lead": owner},
        "stages": {"desk": request.POST.get("desk", "") or next(iter(drawn.desks), "")},
        "fields": {"type": "text", "caught_at": request.POST.get("caught_at", "") or first},
        "behaviors": {
            "opens": "interaction in from customer",
            "closes": "interaction out to same customer",
            "owed_by": "deal owner, else desk lead",
            "within": "1 working day",
        },
        "decisions": {"who": [owner], "every": "Monday 10:00", "reads": ["amount"]},
    }
    return begun[group]


def _handoff_between(drawn: OperatingMap, giver: str, taker: str) -> dict[str, Written]:
    stages = [stage.key for stage in drawn.stages_of(giver)]
    return {
        "from": giver,
        "to": taker,
        "at": stages[-1] if stages else "",
        "carries": ["contact"],
        "accept_within": "1 working day",
    }


@require_POST
def name(request: HttpRequest, group: str, key: str) -> HttpResponse:
    """Give an element another name, in place."""
    called = request.POST.get("name", "")
    return _done(request, lambda text: editing.rename(text, _group(group), key, called), f"{group}:{key}")


@require_POST
def word(request: HttpRequest, group: str, key: str) -> HttpResponse:
    """Give an element another word in the YAML; its id stays."""
    new = request.POST.get("key", "").strip()
    return _done(request, lambda text: editing.rekey(text, _group(group), key, new), f"{group}:{new}")


@require_POST
def place(request: HttpRequest, group: str, key: str) -> HttpResponse:
    """Move an element in front of another one (`before`), by one place (`step`), or (stage, handoff) to a `desk`."""
    drawn, _text = _drawn(request)
    keys = list(getattr(drawn, _group(group)))
    before, desk = request.POST.get("before", ""), request.POST.get("desk", "")
    if step := request.POST.get("step", ""):
        before = _in_front_of(keys, key, earlier=step.startswith("-"))
    if group == "stages":
        stage = drawn.stages.get(key)
        desk = desk or (stage.desk if stage else "")
        return _done(request, lambda text: editing.place_stage(text, key, desk, before), f"{group}:{key}")
    if group == "handoffs" and desk:
        ends = {drawn.handoffs[key].from_desk, drawn.handoffs[key].to_desk} if key in drawn.handoffs else set()
        return _done(request, lambda text: _passed_to(text, key, desk, ends), f"{group}:{key}")
    return _done(request, lambda text: editing.move(text, group, key, before), f"{group}:{key}")


def _passed_to(text: str, key: str, desk: str, ends: set[str]) -> str:
    """A handoff that was let go of over one of its own desks stays as it is."""
    return text if desk in ends else editing.put(text, "handoffs", key, {"to": desk})


def _in_front_of(keys: list[str], key: str, *, earlier: bool) -> str:
    """Whom it stands in front of after one step; "" for the end."""
    at = keys.index(key) if key in keys else 0
    if earlier:
        return keys[max(at - 1, 0)] if at else (keys[1] if len(keys) > 1 else "")
    return keys[at + 2] if at + 2 < len(keys) else ""


@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, group: str, key: str) -> HttpResponse:
    """Ask where the work of a desk or a stage goes, or take an element out."""
    drawn, _text = _drawn(request)
    on = On.read(f"{_group(group)}:{key}", drawn)
    if not on.group:
        raise Http404
    if request.method != "POST":
        others = [each for each in getattr(drawn, group).values() if each.key != key]
        context = {"on": on, "element": on.of(drawn), "others": others, "back": f"{reverse('map-drawing')}?on={on}"}
        context["likely"] = _likely_successor(drawn, on)
        template = "baton/map/removal.html" + ("#dialog" if wants_part(request) else "")
        return render(request, template, context | _token(request))
    successor = request.POST.get("successor", "")
    gone = on.of(drawn)
    messages.info(request, _("“{name}” is out of your draft. Undo brings it back.").format(name=gone.name))
    follow = group == "stages" and bool(current_version()) and current_map().stage_by_id(gone.id) is not None
    remove: Edit = lambda text: editing.remove(text, group, key, successor, deals_follow=follow)  # noqa: E731
    return _done(request, remove, f"{group}:{successor}" if successor else "", close=True)


def _likely_successor(drawn: OperatingMap, on: On) -> str:
    """What most likely takes its place: its neighbor, of the same desk where there is one."""
    keys = list(getattr(drawn, on.group))
    at = keys.index(on.key)
    near = [*keys[max(at - 1, 0) : at], *keys[at + 1 :], *keys[: max(at - 1, 0)]]
    own = [key for key in near if on.group == "stages" and drawn.stages[key].desk == drawn.stages[on.key].desk]
    return next(iter([*own, *near]), "")


@require_POST
def items(request: HttpRequest, key: str) -> HttpResponse:
    """Have a packet carry an item: a new one, one from another packet, or one of its own at another place."""
    item, before, origin = (request.POST.get(field, "") for field in ("item", "before", "from"))
    if not item:
        raise Refusal(_("Say what it is that the packet carries."))
    return _done(request, lambda text: editing.hand_item(text, item, origin or key, key, before), f"handoffs:{key}")


@require_POST
def item_removal(request: HttpRequest, key: str, item: str) -> HttpResponse:
    """Have a packet carry an item no longer."""
    return _done(request, lambda text: editing.leave_out(text, key, item), f"handoffs:{key}")


@require_POST
def undone(request: HttpRequest) -> HttpResponse:
    """Take the last step back."""
    undo(by=_member(request), at=now(), seen=moment_of(_version(request)))
    return _answer(request, request.POST.get("on", ""))


@require_POST
def redone(request: HttpRequest) -> HttpResponse:
    """Do the step again that was taken back last."""
    redo(by=_member(request), at=now(), seen=moment_of(_version(request)))
    return _answer(request, request.POST.get("on", ""))


@require_POST
def sentence(request: HttpRequest, key: str) -> HttpResponse:
    """Read a behavior back in words as its form stands now; nothing is kept."""
    drawn, text = _drawn(request)
    on = On.read(f"behaviors:{key}", drawn)
    if not on.group:
        raise Http404
    form = BehaviorForm(request.POST, on.of(drawn), Lists(drawn, Names()))
    if form.is_valid():
        drawn = read_as_far(editing.put(text, "behaviors", key, form.changed_entries()))[0] or drawn
    told = behavior_told(drawn.behaviors[key], drawn, Names())
    return render(request, "baton/map/parts/sentence.html", {"sentence": told})


# One edit, and the answer to it


def _done(request: HttpRequest, edit: Edit, on: str, *, focus: bool = False, close: bool = False) -> HttpResponse:
    based_on = whole_number(request.POST.get("based_on", "")) or current_version()
    edit_draft(edit, by=_member(request), at=now(), based_on=based_on, seen=moment_of(_version(request)))
    return _answer(request, on, focus=focus, close=close)


def _answer(request: HttpRequest, on: str, *, focus: bool = False, close: bool = False) -> HttpResponse:
    if not wants_part(request):
        return redirect(f"{reverse('map-drawing')}?{urlencode({'on': on})}" if on else "map-drawing")
    answer = _page(request, on, part="answered", more={"focus": focus})
    answer["HX-Push-Url"] = f"{reverse('map-drawing')}?{urlencode({'on': on})}" if on else reverse("map-drawing")
    if close:
        answer["HX-Trigger"] = "baton:close"
    return answer


def _page(
    request: HttpRequest,
    on_text: str,
    *,
    form: ElementForm | None = None,
    status: int = 200,
    part: str = "editing",
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    draft = draft_of(_member(request))
    text, based_on = _text_of(draft)
    drawn, problems = read_as_far(text)
    context = verdict(request, text, based_on) | _token(request, draft) | {"text": text, "own": draft, "now": now()}
    if drawn is None:
        context |= {"unreadable": problems[0]}
    else:
        on, names = On.read(on_text, drawn), Names()
        parts = Parts(drawn, names, on, Places(text), context["judged"].problems)
        context |= _told(parts, form or FORMS[on.group](None, on.of(drawn), Lists(drawn, names)), request)
    context |= more or {}
    template = "baton/map/editing.html" + (f"#{part}" if wants_part(request) else "")
    return render(request, template, context, status=status)


def _told(parts: Parts, form: ElementForm, request: HttpRequest) -> dict[str, Any]:
    drawn, on = parts.map, parts.on
    line, own_text = parts.places.lines(on.group, on.key)
    told = {
        "map": drawn,
        "picture": parts.drawing(),
        "lanes": parts.lanes(),
        "packets": parts.packets(),
        "lists": parts.lists(),
        "on": on,
        "element": on.of(drawn),
        "form": form,
        "wrong": parts.own_problems(),
        "problems": [parts.told(problem) for problem in [p for found in parts.wrong.values() for p in found]],
        "line": line,
        "own_text": own_text,
        "desks": drawn.desks.values(),
        "may_edit": _member(request).may_write,
    }
    if on.group == "handoffs":
        carried = drawn.handoffs[on.key].carries
        told["items"] = parts.items(drawn.handoffs[on.key])
        told["not_carried"] = [each for each in Lists(drawn, parts.names).facts() if each[0] not in carried]
    if on.group == "behaviors":
        told["sentence"] = behavior_told(drawn.behaviors[on.key], drawn, parts.names)
    if on.group == "stages":
        after = drawn.stage_after(on.key)
        told["after"] = after.key if after else ""
    return told


def _drawn(request: HttpRequest) -> tuple[OperatingMap, str]:
    """The draft as far as it can be read, and its text."""
    text, _based_on = _text_of(draft_of(_member(request)))
    drawn, problems = read_as_far(text)
    if drawn is None:
        raise Refusal(str(problems[0]))
    return drawn, text


def _text_of(draft: MapDraft | None) -> tuple[str, int]:
    if draft:
        return draft.text, draft.based_on
    version = current_version()
    return MapVersion.objects.get(number=version).text, version


def _token(request: HttpRequest, draft: MapDraft | None = None) -> dict[str, Any]:
    """What every form carries: the state that was looked at, and the version that a draft would begin on."""
    draft = draft or draft_of(_member(request))
    return {
        "state": version_of(draft),
        "begun_on": draft.based_on if draft else current_version(),
        "can_undo": can_undo(draft),
        "can_redo": can_redo(draft),
    }


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def _group(text: str) -> str:
    if text not in GROUPS:
        raise Http404
    return text


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user
