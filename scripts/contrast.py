"""Check every ink-on-surface pair of tokens.css in light and dark; exit 1 below WCAG 2.2 AA."""

import pathlib
import re
import sys

TOKENS = (pathlib.Path(__file__).parent.parent / "baton/web/static/css/tokens.css").read_text()
PAIRS = dict(re.findall(r"--([\w-]+): light-dark\((#\w+, #\w+)\)", TOKENS))
SURFACES = ["ground", "surface", "raised", "tint"]
CHECKS = (
    [(ink, on, 4.5) for ink in ["ink", "ink-2", "ink-3", "hand", "pencil", "faded", "alarm"] for on in SURFACES]
    + [(hue, f"{hue}-soft", 4.5) for hue in ["hand", "pencil", "faded", "alarm"]]
    + [("ink-2", f"{hue}-soft", 4.5) for hue in ["hand", "pencil", "faded", "alarm"]]
    + [("on-hand", "hand", 4.5), ("on-hand", "hand-deep", 4.5)]
    + [("edge", on, 3) for on in SURFACES[:3]]
)


def luminance(color):
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


failed = 0
for ink, on, least in CHECKS:
    light, dark = (contrast(a, b) for a, b in zip(PAIRS[ink].split(", "), PAIRS[on].split(", "), strict=True))
    bad = min(light, dark) < least
    failed += bad
    print(f"{ink:8} on {on:12} light {light:5.2f}  dark {dark:5.2f}  needs {least}{'  FAILS' if bad else ''}")
sys.exit(bool(failed))
