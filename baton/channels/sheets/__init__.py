"""Spreadsheets in and out: a sheet is read in the limited child, matched by its headers, looked at before it is let in.

What a sheet says comes in as *said*; what it said last time is remembered, so that the next one shows only what
changed; a whole import can be taken back. `reading`, `heads`, `columns` and `cells` are pure.
"""
