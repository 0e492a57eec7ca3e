"""Which addresses a delivery failed for, from the report's own part or from its words."""

import re

from baton.channels.email.headers import Head, message_ids
from baton.channels.email.message import Bounce
from baton.channels.email.parts import Part

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,100}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
RECIPIENT = re.compile(
    r"^(final-recipient|original-recipient|x-actual-recipient)\s*:\s*(?:[\w-]+\s*;)?\s*(.+)$",
    re.IGNORECASE | re.MULTILINE,
)
ACTION = re.compile(r"^action\s*:\s*(\w+)", re.IGNORECASE | re.MULTILINE)
STATUS = re.compile(r"^status\s*:\s*\"?(\d)\.\d", re.IGNORECASE | re.MULTILINE)
COPY_BEGINS = re.compile(
    r"^.{0,6}(?:-{2,}.{0,12}(?:below this line|this is a copy|original (?:message|mail)|unsent message|returned "
    r"(?:message|mail)|"
    r"start of (?:the )?(?:returned|original)|the header of|message (?:header|text|contents) follow|forwarded|"
    r"begin|undelivered|enclosed is|"
    r"copy of|transcript of the)|"
    r"(?:the|your) (?:original|returned|unsent) message(?: (?:text|headers?|was|is|follows|"
    r"included))?[^@\n]{0,60}[:.]?$|received:|return-path:|"
    r"message headers follow|start of returned|unsent message|original mail follows|the (?:full )?text of your message|"
    r"-----.{0,5}original-nachricht|returned (?:mail|message) (?:follows|below))",
    re.IGNORECASE | re.MULTILINE,
)
TEMPORARY_WORDS = re.compile(
    r"has not (?:yet )?been delivered|delivery attempts will continue|will (?:be retried|retry|keep trying|"
    r"continue (?:to try|trying))|"
    r"warning message only|do not need to resend|no action is required|still trying|delivery (?:is|has been) delayed",
    re.IGNORECASE,
)
SAYS_FAILED = re.compile(
    r"could not be delivered to|couldn't be delivered|unable to deliver (?:the |your )?(?:message|mail)|(?:did|"
    r"has) not reach(?:ed)? the|"
    r"failed recipients|delivery to the following recipients?|non-?delivery report|delivery failed|konnte nicht "
    r"zugestellt werden|"
    r"n'a pas pu etre delivre|nije (?:bilo moguće isporučiti|isporučena)",
    re.IGNORECASE,
)
OF_THE_ORIGINAL = re.compile(
    r"^\W*(?:to|from|cc|sender|reply-to|subject|message-id|references|in-reply-to|received|return-path|x-[\w-]+)\s*:",
    re.IGNORECASE,
)
NEVER_FAILING = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|mdaemon|abuse|helpdesk|support)@", re.IGNORECASE)
MOST_ADDRESSES = 200


def read_bounce(head: Head, root: Part, text: str, senders: frozenset[str]) -> Bounce:
    """Permanent and temporary failures. `senders` are addresses of the report's own header, which never failed."""
    permanent, temporary = _from_reports(root)
    if not permanent and not temporary:
        permanent, temporary = _from_words(head, text, senders)
    return Bounce(_unique(permanent), _unique(temporary), _original_id(root))


def names_failure(root: Part) -> bool:
    """Whether a delivery-status part names somebody who was not reached."""
    permanent, temporary = _from_reports(root)
    return bool(permanent or temporary)


def _from_reports(root: Part) -> tuple[list[str], list[str]]:
    permanent: list[str] = []
    temporary: list[str] = []
    for part in root.walk():
        if part.content_type not in (
            "message/delivery-status",
            "message/global-delivery-status",
            "message/notification",
        ):
            continue
        for group in re.split(r"\r?\n[ \t]*\r?\n", report_text(part)):
            action, status = ACTION.search(group), STATUS.search(group)
            failing = _failing(group)
            if not failing or (action and action[1].lower() in ("delivered", "relayed", "expanded")):
                continue
            delayed = action[1].lower().startswith("delay") if action else bool(status and status[1] == "4")
            (temporary if delayed else permanent).append(failing)
    return permanent, temporary


def report_text(part: Part) -> str:
    if part.content:
        return part.content.decode("utf-8", "replace")
    groups = (
        "\n".join(f"{name}: {value}" for name, values in each.headers.items() for value in values)
        for each in part.children
    )
    return "\n\n".join(groups)


def _failing(group: str) -> str:
    """The address that was written to, before the one it turned into."""
    found = {name.lower(): value for name, value in RECIPIENT.findall(group)}
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        address = ADDRESS.search(found.get(name, "").replace("<", " ").replace(">", " "))
        if address:
            return address[0].lower()
    return ""


def _from_words(head: Head, text: str, senders: frozenset[str]) -> tuple[list[str], list[str]]:
    named = [each.lower() for value in head.all("x-failed-recipients") for each in ADDRESS.findall(value)]
    copy = COPY_BEGINS.search(text)
    said = text[: copy.start()] if copy and ADDRESS.search(text[: copy.start()]) else text
    lines = (line for line in said.split("\n") if "@" in line and not OF_THE_ORIGINAL.match(line))
    found = named or [each for line in lines for each in ADDRESS.findall(line)]
    cleaned = (each.strip(".'").lower().removeprefix("smtp=") for each in found[:MOST_ADDRESSES])
    failing = [each for each in cleaned if each not in senders and not NEVER_FAILING.match(each)]
    return ([], failing) if TEMPORARY_WORDS.search(said) else (failing, [])


def says_failed(text: str) -> bool:
    """Whether the words are those of a mail system that could not deliver, with an address beside them."""
    sample = text[:5000]
    return bool(SAYS_FAILED.search(sample) and ADDRESS.search(sample))


def _original_id(root: Part) -> str:
    for part in root.walk():
        if part is not root and (ids := message_ids((part.headers.get("message-id") or [""])[0])):
            return ids[0]
        if part.content_type in ("text/rfc822-headers", "message/rfc822-headers"):
            found = re.search(rb"^message-id:\s*(<[^<>]+>)", part.content, re.IGNORECASE | re.MULTILINE)
            if found:
                return message_ids(found[1].decode("utf-8", "replace"))[0]
    return ""


def _unique(addresses: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(addresses))
