"""Doing the work: duties, next steps, promises, handoffs, questions and exceptions.

A behavior is a pair of events. One opens a duty, the other closes it; `duties.py` keeps the rows as `record()`
tells it what happened. The verb modules (handoffs, promises, …) write through `record()` like everyone else.
"""
