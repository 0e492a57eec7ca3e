"""The deal: where it stands, what proves it, what the next desk needs, what was promised.

`page.py` puts the page together from its parts (`head`, `rail`, `aside`, `timeline`, `sources`, …), each of which
reads its rows in bulk, so that the number of queries doesn't grow with the deal. What is done on the page is one small
module a noun (`moves`, `next_steps`, `promises`, `questions`, …): a view asks with a form and calls one verb of a lower
room. `answers.py` says how every one of them answers.
"""
