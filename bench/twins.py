"""Duplicates against the answers that others published: `python -m bench.twins [SET …]` prints precision and recall.

Each set is turned into the profiles that Baton compares contacts and companies by; columns that Baton has no field of
its own for come in as a business's own fields would. Nothing is set for one set alone.
"""

from __future__ import annotations

import csv
import io
import lzma
import os
import sys
import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from baton.capture.duplicates.blocks import pairs
from baton.capture.duplicates.profile import Profile
from baton.capture.duplicates.scoring import SUGGESTED, likeness
from bench.figures import Figure

ROOT = Path(os.environ.get("BATON_SHARED", Path(__file__).parents[2] / "shared")) / "data" / "entity-resolution"
Pair = frozenset


@dataclass(frozen=True, slots=True)
class Twins:
    """One set: its profiles, and which of them are one. `between` are the two files, where only links between count."""

    profiles: dict[Hashable, Profile]
    truth: set[Pair]
    between: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found of a set."""

    name: str
    records: int
    truth: int
    found: int
    right: int
    seconds: float

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.truth if self.truth else 1.0

    def __str__(self) -> str:
        told = f"{self.records} records, {self.right} of {self.truth} found, {self.found - self.right} wrong"
        return f"{self.name}: precision {self.precision:.3f}, recall {self.recall:.3f} ({told}, {self.seconds:.1f} s)"


def rows(path: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one file with plain column names."""
    raw = (ROOT / path).read_bytes()
    text = (lzma.decompress(raw) if path.endswith(".xz") else raw).decode("utf-8-sig")
    for row in csv.DictReader(io.StringIO(text), skipinitialspace=True):
        yield {name.strip(): " ".join((cell or "").split()).strip("'") for name, cell in row.items() if name}


def clustered(groups: dict[Hashable, Hashable]) -> set[Pair]:
    """Return the pairs that stand in one group; record → its group."""
    by_group: dict[Hashable, list[Hashable]] = {}
    for one, group in groups.items():
        by_group.setdefault(group, []).append(one)
    return {Pair(pair) for members in by_group.values() for pair in combinations(members, 2)}


def _febrl(*files: str) -> Twins:
    profiles: dict[Hashable, Profile] = {}
    for file in files:
        for row in rows(f"febrl/{file}"):
            details = {name: row[name] for name in ("suburb", "postcode", "state", "date_of_birth", "soc_sec_id")}
            details["street"] = f"{row['street_number']} {row['address_1']}"
            details["place"] = row["address_2"]
            name = f"{row['given_name']} {row['surname']}"
            profiles[row["rec_id"]] = Profile("contact", (name,), details=tuple(details.items()))
    truth = clustered({one: str(one).split("-")[1] for one in profiles})
    return Twins(profiles, truth, len(files) > 1)


def _splink() -> Twins:
    profiles: dict[Hashable, Profile] = {}
    groups: dict[Hashable, Hashable] = {}
    for row in rows("splink/fake_1000.csv"):
        name = f"{row['first_name']} {row['surname']}"
        details = (("born", row["dob"]), ("city", row["city"]))
        profiles[row["unique_id"]] = Profile("contact", (name,), (row["email"],), details=details)
        groups[row["unique_id"]] = row["cluster"]
    return Twins(profiles, clustered(groups))


def _senzing() -> Twins:
    profiles: dict[Hashable, Profile] = {}
    for file in ("customers", "reference", "watchlist"):
        for row in rows(f"senzing-truthset/{file}.csv"):
            profiles[row["DATA_SOURCE"], row["RECORD_ID"]] = _senzing_profile(row)
    groups = {
        (r["DATA_SOURCE"], r["RECORD_ID"]): r["CLUSTER_ID"] for r in rows("senzing-truthset/actual_truthset_key.csv")
    }
    return Twins(profiles, clustered({one: group for one, group in groups.items() if one in profiles}))


def _senzing_profile(row: dict[str, str]) -> Profile:
    kind = "company" if row["RECORD_TYPE"] == "ORGANIZATION" else "contact"
    parts = " ".join(filter(None, (row.get(f"PRIMARY_NAME_{part}") for part in ("FIRST", "MIDDLE", "LAST"))))
    told = (row.get("PRIMARY_NAME_FULL"), row.get("PRIMARY_NAME_ORG"), parts, row.get("NATIVE_NAME_FULL"))
    names = tuple(name for name in (*told, row.get("SECONDARY_NAME_ORG")) if name)
    place = ("ADDR_FULL", "ADDR_LINE1", "ADDR_CITY", "ADDR_STATE", "ADDR_POSTAL_CODE")
    details = (("born", row.get("DATE_OF_BIRTH", "")), ("address", " ".join(row.get(part) or "" for part in place)))
    emails, phones = (tuple(filter(None, [row.get(name)])) for name in ("EMAIL_ADDRESS", "PHONE_NUMBER"))
    return Profile(kind, names, emails, phones, company=row.get("EMPLOYER") or "", details=details)


def _restaurants() -> Twins:
    profiles: dict[Hashable, Profile] = {}
    for file in (1, 2):
        for row in rows(f"restaurants/restaurant-{file}.csv"):
            details = tuple((name, row[name].strip("\"' ")) for name in ("address", "city", "cuisine"))
            key = row["unique_id"].strip("\"' ")
            profiles[file, key] = Profile("company", (row["name"].strip("\"' "),), details=details)
    seconds = {key for file, key in profiles if file == 2}  # type: ignore[misc]
    truth = {Pair(((1, key), (2, key))) for file, key in profiles if file == 1 and key in seconds}  # type: ignore[misc]
    return Twins(profiles, truth, True)


def _companies() -> Twins:
    profiles: dict[Hashable, Profile] = {}
    groups: dict[Hashable, Hashable] = {}
    for row in rows("companies/csv_example_input_with_true_ids.csv.xz"):
        details = (("address", row["Address"]), ("zip", row["Zip"]))
        emails, phones = (tuple(filter(None, [row[name]])) for name in ("Email Address", "Phone"))
        key = len(profiles)
        profiles[key] = Profile("company", (row["Site name"],), emails, phones, details=details)
        groups[key] = row["True Id"]
    return Twins(profiles, clustered(groups))


SETS: dict[str, Callable[[], Twins]] = {
    "febrl-1": lambda: _febrl("dataset1.csv"),
    "febrl-4": lambda: _febrl("dataset4a.csv.xz", "dataset4b.csv.xz"),
    "splink": _splink,
    "senzing": _senzing,
    "restaurants": _restaurants,
    "companies": _companies,
}


def measure(name: str, at_least: float = SUGGESTED) -> Outcome:
    """Find the duplicates of one set and compare them with the answers."""
    twins, began = SETS[name](), time.perf_counter()
    found = {Pair(pair) for pair, _likeness in pairs(twins.profiles, at_least)}
    if twins.between:
        found = {pair for pair in found if len({_file(one) for one in pair}) == 2}
    took = time.perf_counter() - began
    return Outcome(name, len(twins.profiles), len(twins.truth), len(found), len(found & twins.truth), took)


def _file(one: Hashable) -> object:
    return one[0] if isinstance(one, tuple) else str(one).split("-")[2]


def names(at_least: float = SUGGESTED) -> Outcome:
    """Say of pairs of names alone whether they are one, as in nomenklatura's bench."""
    began, told, right, truth, count = time.perf_counter(), 0, 0, 0, 0
    for row in rows("name-pairs/nomenklatura_name_bench.csv"):
        kind = "contact" if row["schema"] == "Person" else "company"
        found = likeness(Profile(kind, (row["name1"],)), Profile(kind, (row["name2"],))).likely >= at_least
        same = row["is_match"].lower() == "true"
        told, right, truth, count = told + found, right + (found and same), truth + same, count + 1
    return Outcome("name-pairs", count, truth, told, right, time.perf_counter() - began)


GOALS = {
    "febrl-1": (0.99, 0.99),
    "febrl-4": (0.99, 0.95),
    "splink": (0.95, 0.75),
    "senzing": (0.6, 0.6),
    "restaurants": (0.85, 0.9),
    "companies": (0.8, 0.8),
    "name-pairs": (0.8, 0.65),
}
"""Least precision and recall of what is suggested; a person says yes or no to each pair."""


def figures() -> list[Figure]:
    """Return precision and recall of the duplicates found in each set, in percent."""
    rows_of = []
    for name, (precision, recall) in GOALS.items():
        outcome = names() if name == "name-pairs" else measure(name)
        for what, goal, share in (("precision", precision, outcome.precision), ("recall", recall, outcome.recall)):
            told = str(outcome).partition("(")[2].rstrip(")") if what == "precision" else ""
            row = Figure(
                f"twins-{name}-{what}", f"Duplicates in {name}, {what}", goal * 100, "%", share * 100, share * 100
            )
            row.more_is_better, row.note = True, told
            rows_of.append(row)
    return rows_of


def main(wanted: Iterable[str]) -> None:
    """Print one line for each set."""
    for name in wanted or [*SETS, "name-pairs"]:
        print(names() if name == "name-pairs" else measure(name), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
