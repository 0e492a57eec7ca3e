"""Foreign HTML: as text to read, and cleaned for a frame that loads nothing.

Both work on one pass of tokens and never hand the sender's own markup to a parser: nh3 and lexbor need up to 80 s for
500 KB of nested `div`, so what reaches nh3 is written anew, at most 50 levels deep.
"""

import html as entities
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

import nh3

MOST_HTML_CHARACTERS = 1_000_000
MOST_DEPTH = 50
MOST_UNCLOSED_QUOTES = 20
TAG_START = re.compile(r"<(?=[a-zA-Z/!?])")
LONE_AMPERSAND = re.compile(r"&(?!#?\w{1,31};)")
QUOTED_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40}+)((?:[^<>"']++|"[^"]*+"|'[^']*+'|<)*+)>""")
PLAIN_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40}+)([^>]*+)>")
ATTRIBUTE = re.compile(r"""([a-zA-Z][a-zA-Z0-9:_-]{0,60})(?:\s*=\s*("[^"]*+"|'[^']*+'|[^\s"'>]++))?""")
RAW_TEXT = frozenset(
    {
        "script",
        "style",
        "title",
        "textarea",
        "xmp",
        "iframe",
        "noembed",
        "noframes",
        "noscript",
        "template",
        "svg",
        "math",
        "object",
    }
)
VOID = frozenset(
    {"br", "hr", "img", "wbr", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "param"}
)
CLOSES_ITSELF = {
    "li": {"li"},
    "p": {"p"},
    "tr": {"tr", "td", "th"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "option": {"option"},
}
BLOCKS = frozenset(
    "address article aside blockquote center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header "
    "li main nav "
    "ol p pre section table tbody tfoot thead tr ul".split()
)
PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "pre"})

Token = tuple[str, str, str]  # "text" | "open" | "close", tag name, text or attributes


def tokens(html: str) -> Iterator[Token]:
    """Text and tags in their order. Comments, declarations and what scripts and styles hold are left out."""
    html = html[:MOST_HTML_CHARACTERS].replace("\x00", "")
    position, unclosed, last_end = 0, 0, html.rfind(">")
    while position < len(html):
        start = TAG_START.search(html, position)
        at = start.start() if start and start.start() < last_end else len(html)
        if at > position:
            yield "text", "", html[position:at]
        if at == len(html):
            return
        found = QUOTED_TAG.match(html, at) if unclosed < MOST_UNCLOSED_QUOTES else None
        if found is None and html[at + 1] not in "!?/":
            unclosed += 1
        found = found or PLAIN_TAG.match(html, at)
        if found is None:
            position = _after_declaration(html, at)
            continue
        name, position = found[2].lower(), found.end()
        if found[1]:
            yield "close", name, ""
        elif name in RAW_TEXT:
            position = _end_of_raw_text(html, position, name)
        else:
            yield "open", name, found[3]


def _after_declaration(html: str, at: int) -> int:
    """Past a comment, a doctype, or a tag with an impossible name."""
    closing = "-->" if html.startswith("<!--", at) else ">"
    end = html.find(closing, at + len(closing))
    return len(html) if end < 0 else end + len(closing)


def _end_of_raw_text(html: str, position: int, name: str) -> int:
    closing = re.compile(rf"</{re.escape(name)}[^>]*>", re.IGNORECASE).search(html, position)
    return closing.end() if closing else len(html)


def attributes(source: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in ATTRIBUTE.findall(source[:200_000]):
        found.setdefault(name.lower(), entities.unescape(value.strip("\"'") if value[:1] in "\"'" else value))
    return found


# ---- as text -------------------------------------------------------------------------------------------------------


def html_to_text(html: str) -> str:
    """The words with their paragraphs; links keep their address, quoted blocks their `>`, list items their dash."""
    writer = _TextWriter()
    for kind, name, value in tokens(html):
        if kind == "text":
            writer.words(value)
        elif kind == "open":
            writer.opens(name, value)
        else:
            writer.closes(name)
    return writer.text()


class _TextWriter:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.gap_quotes: int | None = None
        self.preformatted = 0
        self.links: list[tuple[str, int]] = []

    def words(self, value: str) -> None:
        value = entities.unescape(value)
        if self.preformatted:
            first, *rest = value.split("\n")
            self.line.append(first)
            for each in rest:
                self.end_line()
                self.line.append(each)
        else:
            value = re.sub(r"[ \t\r\n\f]+", " ", value)
            self.line.append(value.lstrip(" ") if not self.line or self.line[-1].endswith(" ") else value)

    def opens(self, name: str, source: str) -> None:
        if name == "br":
            self.end_line()
        elif name == "hr":
            self.rule()
        elif name == "img":
            self.image(attributes(source))
        elif name == "a":
            self.links.append((attributes(source).get("href", ""), len(self.line)))
        elif name in ("td", "th") and self.line:
            self.line.append(" ")
        elif name in BLOCKS:
            self.block(name, opens=True)

    def closes(self, name: str) -> None:
        if name == "a" and self.links:
            self.link(*self.links.pop())
        elif name in BLOCKS:
            self.block(name, opens=False)

    def block(self, name: str, *, opens: bool) -> None:
        if "".join(self.line).strip():
            self.end_line()
        self.line.clear()
        if name in PARAGRAPHS:
            self.gap()
        if name == "blockquote":
            self.quotes = max(self.quotes + (1 if opens else -1), 0)
        elif name == "pre":
            self.preformatted = max(self.preformatted + (1 if opens else -1), 0)
        elif name == "li" and opens:
            self.line.append("- ")

    def rule(self) -> None:
        self.block("div", opens=True)
        self.line.append("________________________________")
        self.end_line()

    def image(self, found: dict[str, str]) -> None:
        if found.get("alt", "").strip():
            self.line.append(f"[{found['alt'].strip()}]")

    def link(self, href: str, since: int) -> None:
        shown = "".join(self.line[since:]).strip()
        address = re.sub(r"^(?:mailto:|tel:)", "", href.strip(), flags=re.IGNORECASE)
        plain = re.sub(r"^https?://|/$", "", address)
        wanted = address.lower().startswith(("http:", "https:")) or "@" in address
        if wanted and plain and plain not in shown:
            self.line.append(f" <{address}>" if shown else address)

    def gap(self) -> None:
        """An empty line, once there is a line to follow it; quoted if both sides of it are."""
        self.gap_quotes = self.quotes if self.gap_quotes is None else min(self.gap_quotes, self.quotes)

    def end_line(self) -> None:
        if self.gap_quotes is not None and self.lines:
            self.lines.append(">" * min(self.gap_quotes, self.quotes, MOST_DEPTH))
        self.gap_quotes = None
        text = "".join(self.line).rstrip().replace("\xa0", " ")
        signs = ">" * min(self.quotes, MOST_DEPTH)
        self.lines.append(f"{signs} {text}".rstrip() if signs else text)
        self.line.clear()

    def text(self) -> str:
        if self.line:
            self.end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip("\n ")


# ---- cleaned -------------------------------------------------------------------------------------------------------

KEPT_TAGS = frozenset(
    "a abbr b bdi bdo big blockquote br caption center cite code col colgroup dd del div dl dt em font h1 h2 h3 "
    "h4 h5 h6 hr i "
    "img ins kbd li ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul "
    "wbr".split()
)
KEPT_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "font": {"color", "size", "face"},
    "td": {"colspan", "rowspan", "align", "valign", "width", "height", "bgcolor"},
    "th": {"colspan", "rowspan", "align", "valign", "width", "height", "bgcolor"},
    "table": {"align", "width", "border", "cellpadding", "cellspacing", "bgcolor"},
    "tr": {"align", "valign", "bgcolor"},
    "col": {"width", "span"},
    "ol": {"start", "type"},
    "li": {"value"},
    "div": {"align"},
    "p": {"align"},
}
EVERYWHERE = {"dir", "lang", "style"}
KEPT_STYLES = frozenset(
    "color background-color font-family font-size font-style font-weight line-height text-align text-decoration "
    "text-indent "
    "vertical-align white-space width height max-width margin margin-top margin-right margin-bottom margin-left "
    "padding "
    "padding-top padding-right padding-bottom padding-left border border-top border-right border-bottom border-left "
    "border-color border-style border-width border-collapse border-spacing list-style-type".split()
)
UNSAFE_STYLE = re.compile(r"url|expression|import|\\|/\*|[<>&{}@]", re.IGNORECASE)
KEPT_SCHEMES = ("http://", "https://", "mailto:", "tel:")
INLINE_IMAGE = re.compile(r"data:image/(?:png|gif|jpe?g|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
OWN_PATH = re.compile(r"/[A-Za-z0-9][A-Za-z0-9/_.~?=&%-]*")


@dataclass(frozen=True, slots=True)
class CleanHtml:
    """HTML that runs nothing and loads nothing from elsewhere, and how many remote images were taken out for it."""

    html: str
    blocked_images: int
    shortened: bool


def clean_html(html: str, cid_urls: Mapping[str, str] | None = None) -> CleanHtml:
    """Clean a message's HTML; `cid_urls` maps a Content-ID to the path or `data:` URL that shows that image.

    Scripts, forms, styles with addresses and remote images go; links stay, opened apart and without a referrer.
    Anything beyond a million characters or 50 levels loses its markup or is cut.
    """
    writer = _CleanWriter(dict(cid_urls or {}))
    for kind, name, value in tokens(html):
        if kind == "text":
            writer.parts.append(LONE_AMPERSAND.sub("&amp;", value).replace("<", "&lt;").replace(">", "&gt;"))
        elif kind == "open":
            writer.opens(name, value)
        else:
            writer.closes(name)
    cleaned = _FINAL_CLEANER.clean("".join(writer.finished()))
    return CleanHtml(cleaned, writer.blocked, len(html) > MOST_HTML_CHARACTERS)


class _CleanWriter:
    def __init__(self, cid_urls: dict[str, str]) -> None:
        self.parts: list[str] = []
        self.stack: list[str] = []
        self.cid_urls = cid_urls
        self.blocked = 0

    def opens(self, name: str, source: str) -> None:
        while self.stack and self.stack[-1] in CLOSES_ITSELF.get(name, ()):
            self.parts.append(f"</{self.stack.pop()}>")
        if name not in KEPT_TAGS or (len(self.stack) >= MOST_DEPTH and name not in VOID):
            return
        written = "".join(f' {key}="{entities.escape(value)}"' for key, value in self.kept(name, attributes(source)))
        self.parts.append(f"<{name}{written}>")
        if name not in VOID:
            self.stack.append(name)

    def closes(self, name: str) -> None:
        if name not in self.stack:
            return
        while self.stack:
            closed = self.stack.pop()
            self.parts.append(f"</{closed}>")
            if closed == name:
                return

    def finished(self) -> list[str]:
        return [*self.parts, *(f"</{name}>" for name in reversed(self.stack))]

    def kept(self, name: str, found: dict[str, str]) -> Iterator[tuple[str, str]]:
        allowed = KEPT_ATTRIBUTES.get(name, frozenset())
        for key, value in found.items():
            if key == "style":
                value = kept_style(value)
            elif key == "src" and name == "img":
                value = self.image_source(value)
            elif key == "href" and not value.strip().lower().startswith(KEPT_SCHEMES):
                value = ""
            if value and (key in allowed or key in EVERYWHERE):
                yield key, value.strip()

    def image_source(self, value: str) -> str:
        value = value.strip()
        if value.lower().startswith("cid:"):
            return self.cid_urls.get(unquote(value[4:]), "")
        if INLINE_IMAGE.fullmatch(value) or value in self.cid_urls.values() or OWN_PATH.fullmatch(value):
            return value
        self.blocked += 1
        return ""


def kept_style(value: str) -> str:
    kept = []
    for each in value[:5000].split(";"):
        name, colon, setting = each.partition(":")
        if colon and name.strip().lower() in KEPT_STYLES and not UNSAFE_STYLE.search(setting):
            kept.append(f"{name.strip().lower()}:{setting.strip()}")
    return ";".join(kept)


_FINAL_CLEANER = nh3.Cleaner(
    tags=set(KEPT_TAGS),
    attributes={**{tag: set(names) for tag, names in KEPT_ATTRIBUTES.items()}, "*": set(EVERYWHERE)},
    url_schemes={"http", "https", "mailto", "tel", "data"},
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    filter_style_properties=set(KEPT_STYLES),
    strip_comments=True,
)
