"""The rollout: who starts when, what each must be able to do, and close oversight that stops by itself.

`protocol` says what a desk does here (pure, from the map), `planning` who starts when (pure), `dates` keeps the days
that the owner set, `seen` reads out of the ledger what somebody has done already, `first_day` offers it on their own
deals, `oversight` is the rule of the first weeks (pure) and `weeks` its figures, `reading` puts the plan together.
"""
