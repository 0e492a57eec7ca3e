"""Django's own system checks; `baton check` is something else, so they are asked for by their module."""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.core.management.commands.check import Command

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
call_command(Command(), fail_level="WARNING")
