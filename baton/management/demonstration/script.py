"""Reading the story: scripts in YAML, and the customers and deals that they speak of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "story"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(name: str) -> Any:
    """Return what stands in one file of the story."""
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe loader
