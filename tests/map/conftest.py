"""The demonstration's map, and a small one to break in tests."""

import pytest

from baton.map.reading import read_map
from baton.map.ready import demonstration_map
from baton.map.schema import OperatingMap

SMALL = """\
business: Ada & Sons
purpose: Nobody waits.
owner: ada@sons.example
hours: {zone: Europe/London, mon-fri: 09:00-17:00}

desks:
  sales: {lead: ada}
  operations: {lead: ben}

stages:
  enquiry: {desk: sales, entered_by: interaction in}
  quoted: {desk: sales, entered_by: document out quote, weight: 40%}
  booked: {desk: operations, entered_by: start booked}

fields:
  start_date: {type: date, caught_at: quoted, breaks: The crew comes in the wrong week.}

handoffs:
  over: {from: sales, to: operations, at: quoted, carries: [start_date, amount], accept_within: 4 working hours}

behaviors:
  answer:
    opens: interaction in from customer
    closes: interaction out to same customer
    owed_by: deal owner, else desk lead
    within: 2 working hours
    so_that: nobody waits
"""


@pytest.fixture
def small() -> str:
    return SMALL


@pytest.fixture(scope="session")
def harbour_lime() -> OperatingMap:
    drawn, problems = read_map(demonstration_map())
    assert problems == []
    return drawn
