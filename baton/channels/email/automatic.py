"""Whether a person wrote a message, or a machine: and which sign says so."""

import re

from baton.channels.email.headers import Head
from baton.channels.email.message import Address
from baton.channels.email.subjects import says_reply

BOUNCE_SENDER = re.compile(
    r"^(?:mailer[-_.]?daemon|mail[-_.]?daemon|postmaster|mdaemon|maildelivery|mail-delivery|"
    r"microsoftexchange[0-9a-f]+|mail\.delivery\.system)(?:[-+_.]|$|@)|^double-bounce"
)
BOUNCE_SUBJECT = re.compile(
    r"undeliver(?:able|ed)|delivery (?:status notification|failure|failed|has failed|report|problem|delayed)|"
    r"failure notice|"
    r"returned (?:e-?)?mail|mail (?:delivery|system|returned|could not|error)|could not (?:be delivered|send)|"
    r"non remis|non ?delivery|"
    r"nondeliverable|not deliver|unzustellbar|zustellung|nicht zugestellt|neisporuč|isporuka (?:poruke )?nije|"
    r"message status|"
    r"delivery notification|warning: could not send|undelivered|error in (?:e-?mail|processing)|rejected|bounced|"
    r"unknown (?:user|recipient)",
    re.IGNORECASE,
)
AUTO_SUBJECT = re.compile(
    r"^(?:out of (?:the )?office|automatic(?: |-)?reply|auto(?:matic)?[- ]?(?:reply|response|answer)|autoreply|"
    r"abwesenheit|"
    r"automatische antwort|abwesend|nisam u uredu|odsutan|odsutna|automatski odgovor|réponse automatique|absence "
    r"du bureau|"
    r"respuesta automática|risposta automatica|automatisch antwoord|on (?:vacation|holiday|leave))\b",
    re.IGNORECASE,
)
NOBODY = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply|nicht[-_.]?antworten|ne[-_.]?odgovaraj)[+@._-]", re.IGNORECASE
)
LIST_HEADERS = ("list-id", "list-post", "list-help", "mailing-list", "x-mailman-version", "x-beenthere")

Kind = tuple[str, str]


def kind_of(head: Head, *, report: str, failed: bool, told: bool, from_: Address | None, subject: str) -> Kind:
    """('person' | 'auto-reply' | 'bounce' | 'list' | 'bulk', the sentence that says why).

    `report` is the report-type of a multipart/report (RFC 6522); `failed` says that a delivery part names a
    recipient that was not reached, `told` that subject and text say so in a mail system's words.
    """
    return (
        _bounce(head, report, failed, told, from_, subject)
        or _auto_reply(head, report, subject)
        or _list(head)
        or _bulk(head, from_)
        or ("person", "Nothing in it says that a machine sent it.")
    )


def speaks_of_failure(subject: str) -> bool:
    """Whether the subject has words of a failed delivery; alone it proves nothing."""
    return bool(BOUNCE_SUBJECT.search(subject))


def _bounce(head: Head, report: str, failed: bool, told: bool, from_: Address | None, subject: str) -> Kind | None:
    email = from_.email if from_ else ""
    if report == "delivery-status" and (failed or not head.first("auto-submitted")):
        return "bounce", "It is a delivery report (multipart/report)."
    if failed:
        return "bounce", "A part of it names a recipient that was not reached."
    if head.first("x-failed-recipients"):
        return "bounce", "Its X-Failed-Recipients header names who was not reached."
    if BOUNCE_SENDER.search(email) and not head.first("in-reply-to"):
        return "bounce", f"It was sent by {email}, which reports failed deliveries."
    if (
        head.fields.get("return-path")
        and head.first("return-path").strip() in ("<>", "")
        and BOUNCE_SUBJECT.search(subject)
    ):
        return "bounce", "It has no return address, and its subject speaks of a failed delivery."
    if told and not head.first("in-reply-to") and not says_reply(subject):
        return "bounce", "Its subject and its text are those of a mail system that could not deliver."
    unsigned = not email or email.partition("@")[0] in ("root", "daemon", "mail", "uucp", "smtp", "server", "system")
    if (unsigned or head.first("auto-submitted")) and BOUNCE_SUBJECT.search(subject):
        return "bounce", "Its sender is a mail system, and its subject speaks of a failed delivery."
    return None


def _auto_reply(head: Head, report: str, subject: str) -> Kind | None:
    submitted = head.first("auto-submitted").strip().lower()
    if report in ("disposition-notification", "delivery-status", "feedback-report"):
        return "auto-reply", f"It is a report by a mail program ({report})."
    if submitted and not submitted.startswith("no"):
        return "auto-reply", f"Its Auto-Submitted header says {submitted.split(';')[0].split()[0]}."
    for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply"):
        if head.first(name) and head.first(name).strip().lower() not in ("no", "false"):
            return "auto-reply", f"It has the header {name.title()}."
    suppress = head.first("x-auto-response-suppress").strip().lower()
    if suppress and (AUTO_SUBJECT.match(subject) or suppress in ("all", "dr, oof, autoreply", "oof, autoreply")):
        return "auto-reply", "Its X-Auto-Response-Suppress header asks for no automatic answer."
    if head.first("precedence").strip().lower() in ("auto_reply", "auto-reply"):
        return "auto-reply", "Its Precedence header says that it is an automatic answer."
    if AUTO_SUBJECT.match(subject):
        return "auto-reply", "Its subject is that of an automatic answer."
    if "return-path" in head.fields and head.first("return-path").strip() == "<>":
        return "auto-reply", "It has no return address, as only automatic mail does (RFC 5321)."
    return None


def _list(head: Head) -> Kind | None:
    found = next((name for name in LIST_HEADERS if head.first(name)), None)
    if found:
        return "list", f"It has the mailing list's header {found.title()}."
    if head.first("precedence").strip().lower() == "list":
        return "list", "Its Precedence header says that it comes from a mailing list."
    return None


def _bulk(head: Head, from_: Address | None) -> Kind | None:
    precedence = head.first("precedence").strip().lower()
    if precedence in ("bulk", "junk"):
        return "bulk", f"Its Precedence header says {precedence}."
    if head.first("list-unsubscribe") or head.first("x-campaign") or head.first("x-mailchimp-campaign"):
        return "bulk", "It has a header for unsubscribing, as mass mail does."
    if head.first("feedback-id") and not head.first("in-reply-to"):
        return "bulk", "It has a Feedback-ID header, as mass mail does."
    if from_ and NOBODY.match(from_.email):
        return "bulk", f"It comes from {from_.email}, where nobody reads answers."
    return None
