"""Handoffs: what waits for one's desks, what they offered, and the packet of each with what is missing first.

`lists.py` says which handoffs stand where, `packet.py` what one of them shows, `page.py` puts both on one page, and
`answers.py` holds what is done with one: accept, return, start already, take back, note, object, ask.
"""
