"""What a subject is about, without what replying and forwarding put in front of it."""

import re

REPLY_WORDS = "re|aw|antw|antwort|odg|odgovor|sv|vs|svar|ref|rif|res|r|odp|ynt|отв|回复|回覆|답장"
FORWARD_WORDS = (
    "fw|fwd|wg|weitergeleitet|rv|tr|i|vb|vl|vidarebefordrat|proslijeđeno|proslijedjeno|prosl|proslj|enc|pd|pdl|"
    "doorst|videresendt|пересл|转发|轉寄"
)
_COUNT = r"(?:\s*[\[(^]?\d{1,3}[\])]?)?"
REPLY_PREFIX = re.compile(rf"(?:{REPLY_WORDS}){_COUNT}\s*[:：]\s*", re.IGNORECASE)
FORWARD_PREFIX = re.compile(rf"\[?(?:{FORWARD_WORDS}){_COUNT}\s*[:：]\s*", re.IGNORECASE)
LIST_TAG = re.compile(r"\[[^\[\]\d#]{1,40}\]\s*")
FORWARD_SUFFIX = re.compile(r"\s*\(fwd?\)\s*$", re.IGNORECASE)


def subject_stem(subject: str) -> str:
    """The subject without `Re:`, `AW:`, `Odg:`, `Fwd:` … and list tags, however often repeated.

    A tag with a number in it (`[#4]`, `[Deal 12]`) is a reference and stays.
    """
    stem = FORWARD_SUFFIX.sub("", " ".join(subject.split()))
    while True:
        found = FORWARD_PREFIX.match(stem) or REPLY_PREFIX.match(stem) or LIST_TAG.match(stem)
        if not found:
            return stem
        bracketed = found[0].startswith("[") and not found[0].rstrip().endswith("]")
        stem = stem[found.end() :].removesuffix("]") if bracketed else stem[found.end() :]


def says_reply(subject: str) -> bool:
    return bool(REPLY_PREFIX.match(_untagged(subject)))


def says_forward(subject: str) -> bool:
    return bool(FORWARD_PREFIX.match(_untagged(subject)) or FORWARD_SUFFIX.search(subject))


def _untagged(subject: str) -> str:
    plain = " ".join(subject.split())
    tag = LIST_TAG.match(plain)
    return plain[tag.end() :] if tag else plain
