"""The `baton` command: one thin Django command a job."""

import gc
import os
import sys

import django
from django.core.management import BaseCommand, execute_from_command_line, get_commands, load_command_class

OURS = "baton"
DJANGO = {"--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color"}
"""What every Django command takes and nobody who runs Baton needs: it works, and stands in no help."""


def main() -> None:
    """Run the command named in `sys.argv`, with Baton's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    BaseCommand.suppressed_base_arguments = DJANGO
    load()
    if sys.argv[1:] in ([], ["help"], ["-h"], ["--help"]):
        sys.stdout.write(overview())
    else:
        execute_from_command_line(sys.argv)


def load() -> None:
    """Load Django and Baton; nothing of that ever becomes garbage, and looking for some costs a fifth of the start."""
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()


def overview() -> str:
    """Return Baton's own commands, each with the first sentence of its help."""
    names = sorted(name for name, app in get_commands().items() if app == OURS)
    lines = [f"  {name:<10}{_first_sentence(load_command_class(OURS, name).help)}" for name in names]
    return "\n".join(
        ["usage: baton COMMAND …", "", *lines, "", "“baton COMMAND --help” says what a command takes.", ""]
    )


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].rstrip(".") + "."
