"""Webhooks out by the Standard Webhooks specification: what happened is told to a program elsewhere, signed, in order.

`follow` leaves a row beside each event, in its transaction; `sending` tells it and tries again for three days;
`calling.call` is how an automation sends one message of its own. Whoever made a subscription hears what they may see,
and that is asked when it is sent.
"""
