"""Works off what is to be compared for duplicates beside an import, as a worker does: `python -m bench.comparing`.

Ends once its input is closed and nothing is due any more; prints how many there were and the processor's seconds.
"""

from __future__ import annotations

import sys
import threading
import time

import django


def main() -> None:
    """Compare until told that nothing more comes."""
    django.setup()
    from baton.capture.duplicates.finding import compare_due
    from baton.kernel.clock import now

    over, compared = threading.Event(), 0
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    while True:
        last_round = over.is_set()
        done = compare_due(now())
        compared += done
        if not done:
            if last_round:
                break
            time.sleep(0.02)
    print(compared, f"{time.process_time():.3f}")


if __name__ == "__main__":
    main()
