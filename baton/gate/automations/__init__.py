"""Automations: what the map lets Baton do by itself, where the facts that it stands on are fresh and sure enough.

`following` leaves a run beside the event, in its transaction; `acting` claims it, judges it (`judging`, pure on what
`knowing` looked up) and does its deeds (`deeds`), all in one transaction, so that nothing is done twice. Where a fact
falls short, `refusing` asks the one person who can settle it, and the run goes on by itself, once, when that is done.
`switching` says what is on; `rehearsing` asks the same judge about the last 90 days.
"""
