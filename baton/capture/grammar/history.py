"""Where the mail below the new text begins, in the shapes that mail programs write it."""

import re

_RULE = re.compile(
    r" {0,3}-{2,} ?(?:original message|ursprungliche nachricht|izvorna poruka|forwarded|weitergeleitete)"
    r"| {0,3}-{5,} {0,80}forwarded by| {0,3}_{10,}$"
)
_HEAD = re.compile(r"[ >]{0,4}(?:from|von|od): ")
_SECOND_HEAD = re.compile(
    r"[ >]{0,4}(?:sent|to|date|gesendet|an|datum|poslano|za|prima|cc|subject|betreff|"
    r"predmet): "
)
_SAID = re.compile(
    r"(?:on .{6,160} wrote|am .{6,160} schrieb.{0,90}|.{0,160}(?:je napisao|je napisala|"
    r"napisao je|napisala je).{0,60}):$"
)
_NOTES_HEAD = re.compile(r"[ >]{0,4}to: ?\S")
"""Notes writes no sender: To, cc and Subject on lines of their own, addresses over several of them."""
_NOTES_STAMP = re.compile(r"\d{2}/\d{2}/\d{2,4} \d{2}:\d{2}(?::\d\d)? [ap]m$")


def where_history_begins(folded: str) -> int:
    """The place of the first line of quoted history; the end of the text when there is none."""
    place = 0
    lines = folded.split("\n")
    for number, line in enumerate(lines):
        if len(line) > 3 and _begins_history(line[:300].rstrip(), lines, number):
            return _before_the_sender(lines, number, place)
        place += len(line) + 1
    return len(folded)


def _begins_history(line: str, lines: list[str], number: int) -> bool:
    if line.lstrip()[:2] in ("--", "__"):
        return bool(_RULE.match(line))
    if _HEAD.match(line):
        return any(_SECOND_HEAD.match(following[:80].strip()) for following in lines[number + 1 : number + 4])
    if _NOTES_HEAD.match(line):
        following = [each[:80].strip() for each in lines[number + 1 : number + 8]]
        return any(each.startswith("cc:") for each in following) and any(
            each.startswith("subject:") for each in following
        )
    if line.endswith(":"):
        return bool(_SAID.match(line))
    return line.endswith((" am", " pm")) and bool(_NOTES_STAMP.search(line[-24:]))


def _before_the_sender(lines: list[str], number: int, place: int) -> int:
    """Notes writes the sender on a line of its own above the stamp."""
    stamp_alone = _NOTES_STAMP.fullmatch(lines[number].strip()[-24:]) and len(lines[number].strip()) < 24
    return place - len(lines[number - 1]) - 1 if number and stamp_alone else place
