"""Today: what the person signed in owes, to whom, by when and why, with what settles it in the row.

`page.py` shows it, `rows.py` and `acts.py` say what a row holds and what can be done there. What is done is one small
module a noun (`records`, `steps`, `deferring`, …), each view calling one verb of a lower room; `answers.py` says how
every one of them answers: the row anew or settled, and the counts at the head.
"""
