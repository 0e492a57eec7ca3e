"""Letters about a draft of the map: your part is asked for, somebody objects, an objection is answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from baton.channels.letters.models import MemberLetter
from baton.channels.letters.posting import Item, Page, can_post, link, post
from baton.kernel.claims import ring
from baton.kernel.rows import insert_rows
from baton.map.models import Agreement
from baton.members.models import Member
from baton.work.reader import as_read_by

ASKED, OBJECTED, ANSWERED = "part", "objection", "reply"
ABOUT = (ASKED, OBJECTED, ANSWERED)
BELL = "letters"


def tell(about: str, agreements: Iterable[Agreement], at: datetime) -> None:
    """Have those concerned told: who is asked, the author who is objected to, or who objected and has an answer."""
    rows = [_letter(about, each, at) for each in agreements if _reader(about, each).wants_notices]
    if rows and can_post():
        insert_rows(rows, ignore_conflicts=True)
        ring(BELL)


def _reader(about: str, asked: Agreement) -> Member:
    return asked.draft.changed_by if about == OBJECTED and asked.draft else asked.member


def _letter(about: str, asked: Agreement, at: datetime) -> MemberLetter:
    key = f"{about}:{asked.pk}:{int(at.timestamp())}"
    letter = MemberLetter(key=key, kind=MemberLetter.Kind.NOTICE, member=_reader(about, asked), about=about)
    letter.before, letter.made_at, letter.due_at = str(asked.pk), at, at
    return letter


def write(letter: MemberLetter, at: datetime) -> None:
    """Write one, unless the draft is gone meanwhile."""
    asked = Agreement.objects.select_related("member", "draft__changed_by").filter(pk=letter.before).first()
    letter.before = ""
    if asked is None or asked.draft is None:
        letter.due_at = None
        letter.save(update_fields=["due_at", "before"])
        return
    with as_read_by(letter.member):
        post(letter, _page(letter.about, asked, asked.draft.changed_by), at)


def _page(about: str, asked: Agreement, author: Member) -> Page:
    foot = _("Such mails can be switched off in your settings.")
    told = {"author": author, "name": asked.member}
    if about == ASKED:
        lead = _("Look at what you would owe and what you would get for it, and agree, or say what is wrong with it.")
        item = Item(_("Your part in the next map"), href=link(f"/map/drafts/{asked.draft_id}/part/"))
        return Page(_("%(author)s asks what you say to the next map") % told, lead, [("", [item])], foot=foot)
    if about == OBJECTED:
        item = Item(asked.words, href=link("/map/draft/"))
        lead = _("The draft can’t be published until you answer.")
        return Page(_("%(name)s objects to the next map") % told, lead, [("", [item])], foot=foot)
    item = Item(asked.reply, because=asked.words, href=link(f"/map/drafts/{asked.draft_id}/part/"))
    return Page(_("%(author)s answers your objection") % told, _("This is the answer."), [("", [item])], foot=foot)
