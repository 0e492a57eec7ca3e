"""One file of all styles, so that a phone on a slow line asks once and not thirty-five times.

`css/index.css` names the components and their layers; browsers get `css/all.css`, which is those files put together.
`python -m baton.web.stylesheet` writes it, and a test fails when it is out of date.
"""

import re
from pathlib import Path

CSS = Path(__file__).parent / "static" / "css"
IMPORT = re.compile(r'^@import "(?P<file>[\w-]+\.css)" layer\((?P<layer>\w+)\);$', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INDENT = re.compile(r"^\s+|\s+$|\n(?=\n)", re.MULTILINE)


def bundle(folder: Path = CSS) -> str:
    """Return the files that index.css imports, each in its layer, without comments and indents."""
    return INDENT.sub("", COMMENT.sub("", IMPORT.sub(lambda line: _layered(folder, line), _index(folder)))) + "\n"


def _index(folder: Path) -> str:
    return (folder / "index.css").read_text()


def _layered(folder: Path, line: re.Match[str]) -> str:
    return f"@layer {line['layer']} {{\n{(folder / line['file']).read_text()}}}"


if __name__ == "__main__":
    (CSS / "all.css").write_text(bundle())
