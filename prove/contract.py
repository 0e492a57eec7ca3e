"""The whole API asked 200 times an operation, as every role: `python -m prove.contract 200`.

With data that fits and data that doesn't: no fault, and no answer that its own description doesn't name.
"""

from __future__ import annotations

import json
import logging
import sys
from collections import Counter
from unittest import mock

import django

ROLES = ("tomas", "ana", "rita")


def main(examples: int) -> None:
    """Found a business, ask, and print what was found as one line of JSON."""
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from tests.gate.api.contract import hold
    from tests.gate.api.scene import Scene, ids_of, program

    logging.disable(logging.ERROR)
    call_command("migrate", verbosity=0)
    settings.BATON_PROGRAM_REQUESTS_A_MINUTE = 10**9
    settings.ALLOWED_HOSTS = ["*"]
    scene, answers, faults = Scene("own deals"), Counter(), []
    with mock.patch.object(sys, "stdout", sys.stderr):
        for who in ROLES:
            secret = program(getattr(scene.cast, who)).defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
            statuses, found = hold(secret, ids_of(scene), examples)
            answers += statuses
            faults += [f"{who}: {fault}" for fault in found]
    print("\n\n".join(faults), file=sys.stderr)
    told = ", ".join(f"{count} × {status}" for status, count in sorted(answers.items()))
    tried = f"{answers.total():,} requests to every operation of the API, as owner, member and read-only"
    found = f"{len(faults)} faults or undocumented answers ({told})"
    print(json.dumps({"tried": tried, "found": found, "kept": not faults}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
