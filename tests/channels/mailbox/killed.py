"""A process to kill: listens to the mailbox that is connected and reads what came, until everything is read.

Started by `test_killing.py` with a database of its own. It says on standard output when it begins, and when it is done.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from baton.capture import connections  # noqa: E402
from baton.capture.models import Connection, Delivery  # noqa: E402
from baton.capture.reading import read_waiting  # noqa: E402
from baton.channels.mailbox import reading  # noqa: E402
from baton.kernel.clock import now  # noqa: E402

reading.CHUNK = 7
Connection.objects.unscoped("tests").update(due_at=now())
Delivery.objects.unscoped("tests").filter(due_at__isnull=False).update(due_at=now())
print("begun", flush=True)
connections.listen(now())
while read_waiting(now(), limit=5):
    pass
print("done", flush=True)
