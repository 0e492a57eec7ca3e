"""Mailboxes connected by IMAP: a member's own, read privately, and addresses that the business shares.

`reading.hear` reads what is new in Inbox and Sent, `staying.stay` is told at once when something comes, `history`
reads what was there before. Headers decide (`sifting`) before a body is fetched; what comes in is of channel `email`.
"""
