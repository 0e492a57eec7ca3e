"""Who a message is from and to, from whatever mail programs write into an address header."""

import re
from functools import lru_cache

from baton.channels.email.headers import words
from baton.channels.email.message import Address

MOST_ADDRESSES = 2000
MOST_CHARACTERS_TO_REMEMBER = 300
MOST_NAME_CHARACTERS = 500
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|\((?:[^()\\]|\\.)*+\)|<[^<>]*+>?|[,;:]|[()]|[^",;:<()]++')
PLAIN = re.compile(r"""([^"<>(),:;@=\\]*)<\s*([^\s<>@,;:"()]+@[^\s<>@,;:"()/]+)\s*>\s*""")
BARE = re.compile(r"""\s*([^\s<>@,;:"()=]+@[^\s<>@,;:"()/]+)\s*""")
EMAIL = re.compile(r"""[^\s<>@,;:"()\[\]]+@[^\s<>@,;:"()/]+""")
NOTES_ROUTED = re.compile(r"(.+@[^@\s]+\.[^@\s]+)@\w+")
NOTES_HIDDEN = re.compile(r"imceanotes-(.+)@[^@]+", re.IGNORECASE)
NOTES_NAME = re.compile(r"([^/@<>]{2,60})/[^<>]*@?.*")
LAST_FIRST = re.compile(
    r"([^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,2}), ([^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,2})"
)
NOT_A_FIRST_NAME = frozenset(
    "inc llc ltd limited gmbh ag kg ug se sa srl spa bv nv ab as oy plc corp co lp llp pllc doo dd jdoo obrt "
    "jr sr ii iii iv md phd esq cpa mba dds".split()
)
PLACEHOLDER_NAMES = frozenset({"e-mail", "email", "mail", "e-mail address", "no name"})


def read_addresses(value: str) -> tuple[Address, ...]:
    """The mailboxes in a raw header value, groups (RFC 5322) opened, duplicates dropped, order kept."""
    value = value.strip()
    if not value:
        return ()
    return _known(value) if len(value) <= MOST_CHARACTERS_TO_REMEMBER else _read(value)


def _read(value: str) -> tuple[Address, ...]:
    simple = PLAIN.fullmatch(value)
    if simple:
        return (Address(clean_name(simple[1], simple[2]), clean_email(simple[2])),)
    if BARE.fullmatch(value):
        return (Address("", clean_email(value)),)
    if not any(sign in value for sign in '"<(;:'):
        bare = [each.strip() for each in value.split(",", MOST_ADDRESSES)[:MOST_ADDRESSES]]
        if all(BARE.fullmatch(each) for each in bare):
            return tuple(dict.fromkeys(Address("", clean_email(each)) for each in bare))
    found = (_address(piece) for piece in _whole_people(_pieces(value))[:MOST_ADDRESSES])
    return tuple(dict.fromkeys(each for each in found if each))


# The same people write to each other all the time: nine of ten headers of a mailbox have been read before.
_known = lru_cache(maxsize=4096)(_read)


def read_address(value: str) -> Address | None:
    """The one mailbox of a header that should have one."""
    found = read_addresses(value)
    with_email = [each for each in found if each.email]
    return (with_email or list(found) or [None])[0]


def _pieces(value: str) -> list[list[str]]:
    """Runs of tokens between separators; a group's name is dropped."""
    pieces: list[list[str]] = [[]]
    for token in TOKEN.findall(value):
        if token in ",;":
            pieces.append([])
        elif token == ":" and not any("@" in each for each in pieces[-1]):
            pieces[-1] = [] if not _is_scheme(pieces[-1]) else pieces[-1]
        else:
            pieces[-1].append(token)
    return [piece for piece in pieces if any(token.strip() for token in piece)]


def _is_scheme(piece: list[str]) -> bool:
    return "".join(piece).strip().lower() in ("mailto", "smtp")


def _whole_people(pieces: list[list[str]]) -> list[list[str]]:
    """`Fraser, Jennifer <x>` is one person: a name alone before a name with an address belongs to it."""
    whole: list[list[str]] = []
    for piece in pieces:
        if whole and _is_name_alone(whole[-1]) and _starts_with_a_name(piece):
            whole[-1] = [*whole[-1], ", ", *piece]
        else:
            whole.append(piece)
    return whole


def _is_name_alone(piece: list[str]) -> bool:
    return not any("@" in token or token.startswith(("<", '"')) for token in piece)


def _starts_with_a_name(piece: list[str]) -> bool:
    has_angle = any(token.startswith("<") for token in piece)
    return has_angle and not piece[0].startswith(("<", '"')) and "@" not in piece[0] and bool(piece[0].strip())


def _address(piece: list[str]) -> Address | None:
    angles = [token for token in piece if token.startswith("<")]
    comments = [token[1:-1] for token in piece if token.startswith("(")]
    name = "".join(token for token in piece if not token.startswith(("<", "(")) and token != ")").strip()
    if angles:
        email = clean_email(angles[-1])
        name = name or " ".join(comments)
        return Address(clean_name(name, email), email) if name or email else None
    return _without_angle(name, comments)


def _without_angle(name: str, comments: list[str]) -> Address | None:
    email = clean_email(name)
    if not email:
        name = name[:MOST_NAME_CHARACTERS]
        inside = EMAIL.search(name) if "@" in name else None
        email = clean_email(inside[0]) if inside else ""
        name = name.replace(inside[0], "") if inside and email else name
        cleaned = clean_name(name, email)
        return Address(cleaned, email) if cleaned or email else None
    return Address(clean_name(" ".join(comments), email), email)


def clean_email(value: str) -> str:
    """Lower-cased and out of its wrapping; empty where it is no address. Odd dots are kept, as they identify."""
    value = words(value) if "=?" in value else value
    email = value.strip("<>'\"[] \t").lower().removeprefix("mailto:").removeprefix("smtp:").strip("'\" ")
    if EMAIL.fullmatch(email) and not email.startswith("imceanotes"):
        return "" if NOTES_NAME.fullmatch(email) and "." not in email.rpartition("@")[2] else email
    hidden = NOTES_HIDDEN.fullmatch(email)
    if hidden:
        email = re.sub(r"\+([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), hidden[1]).lower()
    routed = NOTES_ROUTED.fullmatch(email.replace(" ", ""))
    if routed:
        email = routed[1]
    email = re.sub(r"\s*@\s*", "@", email)
    return email if EMAIL.fullmatch(email) else ""


def clean_name(value: str, email: str) -> str:
    """A person's name in speaking order, or nothing where the program repeated the address."""
    if not value.strip():
        return ""
    if "\\" in value:
        value = re.sub(r"\\(.)", r"\1", value)
    name = words(value[:MOST_NAME_CHARACTERS].replace('"', " ")).strip(" '\",;*«»\xa0")
    lowered = name.lower()
    if lowered in PLACEHOLDER_NAMES or lowered == email.lower() or lowered.startswith(("/o=", "mailto:")):
        return ""
    if "@" in name and clean_email(name):
        return ""
    if "/" not in name and "," not in name:
        return name
    notes = NOTES_NAME.fullmatch(name) if "/" in name else None
    return speaking_order(notes[1].strip() if notes else name)


def speaking_order(name: str) -> str:
    """`Fraser, Jennifer` becomes `Jennifer Fraser`; `Smith & Co, Inc.` stays."""
    plain = re.sub(r"\s*\([^()]*\)\s*$", "", name)
    found = LAST_FIRST.fullmatch(plain)
    if not found:
        return name
    tail = {re.sub(r"\W", "", word).lower() for word in found[2].split()}
    return name if tail & NOT_A_FIRST_NAME else f"{found[2]} {found[1]}"
