"""The page of a website form, and the address at which the website's own form posts. It sets no cookie.

A website's form works without a script as plain HTML; with the script the visitor stays where they are.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from baton.capture.models import Connection
from baton.gate.forms import taking
from baton.gate.forms.adapter import FORM
from baton.gate.forms.settings import ASKED, origins_of, questions_of
from baton.kernel.clock import now
from baton.web.frame import business_name

CALLER = "capture"
MOST_BYTES = 64 * 1024
SCRIPT = Path(__file__).parent.parent / "static" / "js" / "form.js"
AN_HOUR = "public, max-age=3600"
TYPES = {
    "name": ("text", "name"),
    "email": ("email", "email"),
    "phone": ("tel", "tel"),
    "company": ("text", "organization"),
}


@csrf_exempt  # whoever posts has no session here, and nothing is done in anybody's name
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def website_form(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the form, or take what was posted; asked for JSON, the script is answered."""
    form = Connection.objects.unscoped(CALLER).on().of(FORM).filter(pk=pk).first()
    if form is None:
        raise Http404
    answer = _take(request, form) if request.method == "POST" else _shown(request, form)
    return _let_read(request, form, answer)


def _shown(request: HttpRequest, form: Connection) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"key": taking.new_key(form, now())})
    return _page(request, form, {}, {}, sent="sent" in request.GET)


def _take(request: HttpRequest, form: Connection) -> HttpResponse:
    """Take it, unless it is too large, too often, from a website that isn't on the list, or incomplete."""
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return _refused(request, form, {}, {"": _("This is too long to be sent at once. Shorten it, please.")}, 413)
    fields = {name: str(value) for name, value in request.POST.items()}
    origin = request.headers.get("Origin", "")
    if origin not in {"", "null", _own(request), *origins_of(form.settings)}:
        said = _("This form isn’t meant for %(origin)s. Its own page takes what you wrote.") % {"origin": origin[:100]}
        return _refused(request, form, fields, {"": said}, 403)
    if not ratelimit.consume(request, action="form"):
        said = _("Too much came from your connection just now. Wait a minute and send it again; it is kept here.")
        return _refused(request, form, fields, {"": said}, 429)
    one = taking.posted(form, fields, now(), origin=origin, referrer=request.headers.get("Referer", ""))
    if one.errors:
        return _refused(request, form, fields, one.errors, 422)
    taking.keep(form, one, now())
    if _wants_json(request):
        return JsonResponse({"said": _thanks(form)})
    return redirect(f"{request.path}?sent")


def _refused(
    request: HttpRequest, form: Connection, fields: dict[str, str], errors: dict[str, str], status: int
) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"errors": errors}, status=status)
    return _page(request, form, fields, errors, status=status)


def _page(
    request: HttpRequest, form: Connection, fields: dict[str, str], errors: dict[str, str], *, sent: bool = False,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form,
        "business": business_name(),
        "rows": rows_of(form, fields, errors),
        "whole": errors.get("", ""),
        "consent": form.settings.get("consent", ""),
        "consent_error": errors.get("consent", ""),
        "hidden": {"key": taking.new_key(form, now())} | _came(request, fields),
        "trap": taking.TRAP,
        "sent": _thanks(form) if sent else "",
    }
    return render(request, "baton/gate/form.html", context, status=status)


def rows_of(form: Connection, fields: dict[str, str], errors: dict[str, str]) -> list[dict[str, Any]]:
    """Return the form's questions in their order, with what was typed and what is wrong with it."""
    asks = form.settings.get("asks", [])
    labels = {"name": _("Your name"), "email": _("Your email address")} | {n: str(ASKED[n]) for n in ASKED if n in asks}
    named = [(name, label, name in {"name", "email"}) for name, label in labels.items() if name != "message"]
    named += [(f"q{number}", label, must) for number, (label, must) in enumerate(questions_of(form.settings))]
    named += [("message", labels["message"], False)] if "message" in labels else []
    return [
        {
            "name": name,
            "label": label,
            "must": must,
            "type": TYPES.get(name, ("text", "off"))[0],
            "fills": TYPES.get(name, ("text", "off"))[1],
            "most": taking.LONGEST.get(name, taking.LONGEST_ANSWER),
            "value": fields.get(name, ""),
            "error": errors.get(name, ""),
        }
        for name, label, must in named
    ]


def _came(request: HttpRequest, fields: dict[str, str]) -> dict[str, str]:
    """Carry along where the visitor came from: by the link to this page, or as the website's form told."""
    campaign = {name: fields.get(name) or request.GET.get(name, "") for name in taking.CAMPAIGN}
    told = {name: fields.get(name, "") for name in ("page", "referrer")}
    if request.method != "POST":
        told |= {"page": request.build_absolute_uri()[:500], "referrer": request.headers.get("Referer", "")[:500]}
    return {name: value[:500] for name, value in (campaign | told).items() if value}


def _thanks(form: Connection) -> str:
    return form.settings.get("thanks") or _("Thank you. It is with us, and we will answer.")


def _own(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _let_read(request: HttpRequest, form: Connection, answer: HttpResponse) -> HttpResponse:
    """Let the script on a listed website read the answer (Fetch standard, CORS); nobody's cookies go with it."""
    origin = request.headers.get("Origin", "")
    patch_vary_headers(answer, ["Origin", "Accept"])
    if origin and origin in origins_of(form.settings):
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@login_not_required
@require_safe
def website_form_script(_request: HttpRequest) -> HttpResponse:
    """Give out the script for websites: the same for every form, kept by browsers for an hour."""
    answer = HttpResponse(SCRIPT.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"], answer.headers["Cross-Origin-Resource-Policy"] = AN_HOUR, "cross-origin"
    return answer
