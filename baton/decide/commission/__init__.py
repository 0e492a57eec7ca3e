"""It counts only if it is in Baton: what people earn, read from the ledger alone, by the rules of the map.

`occasions` finds what a rule is paid on, `earning` works out what comes of it (pure), `statements` shows and closes a
period, `numbers` gives the business's own numbers to quotes and jobs and finds those without a deal.
"""
