"""Requests by mail: forwarded to Baton’s own address by a member whom it knows, answered to that member’s own address.

`arriving` takes the mail aside, `replying` writes the answer, `working` is the step of the loop that does both ends.
"""
