"""The guides as files: English in docs/users, every other language in a folder beside it, under the same names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

HOME = Path(settings.BASE_DIR) / "docs" / "users"
NAMES = tuple(sorted(path.stem for path in HOME.glob("*.md")))
SOURCE = "en"
ELSEWHERE = re.compile(r"(?:\.\./)*(?P<name>[a-z-]+)\.md(?P<part>#.*)?")
CODE = '<pre tabindex="0"><code>{text}</code></pre>'
TABLE = '<div class="table-wrap" tabindex="0" role="region" aria-label="{title}"><table class="table">'


@dataclass(frozen=True)
class Guide:
    """One guide in one language."""

    name: str
    language: str

    @cached_property
    def text(self) -> str:
        """Return its Markdown; in English where this language has none."""
        return place(self.name, self.language).read_text(encoding="utf-8")

    @property
    def title(self) -> str:
        return self.text.partition("\n")[0].removeprefix("# ").strip()

    @property
    def body(self) -> str:
        """Return what stands under its title, as HTML; HTML in the file itself is shown, not run."""
        tokens = _markdown().parse(self.text.partition("\n")[2])
        for token in tokens:
            _lead_on(token)
        return _markdown().renderer.render(tokens, _markdown().options, {"title": self.title})


def guide(name: str, language: str) -> Guide | None:
    """Return the guide of this name (a file's, without its ending), or None if there is none."""
    return Guide(name, language.partition("-")[0]) if name in NAMES else None


def place(name: str, language: str) -> Path:
    """Return the file of a guide; the English one where the language has none."""
    told = HOME / language / f"{name}.md"
    return told if language != SOURCE and told.exists() else HOME / f"{name}.md"


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("table_open", lambda _, tokens, at, options, env: TABLE.format(title=escape(env["title"])))
    reader.add_render_rule("table_close", lambda *_: "</table></div>")
    for kind in ("fence", "code_block"):
        reader.add_render_rule(kind, lambda _, tokens, at, *__: CODE.format(text=escape(tokens[at].content)))
    return reader


def _lead_on(token: Token) -> None:
    """A link to another guide's file leads to its page."""
    for child in token.children or ():
        target = str(child.attrs.get("href", "")) if child.type == "link_open" else ""
        if found := ELSEWHERE.fullmatch(target):
            child.attrs["href"] = reverse("guide", args=[found["name"]]) + (found["part"] or "")
