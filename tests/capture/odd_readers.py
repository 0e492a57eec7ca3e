"""Readers that behave as no reader should, to be called in the limited child."""

import os
import sys
from pathlib import PurePosixPath


def loaded_modules(payload: str) -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] == payload]


def environment(payload: str) -> str | None:
    return os.environ.get(payload)


def answer_of_an_unknown_class(payload: str) -> PurePosixPath:
    return PurePosixPath(payload)
