"""What behavior says about the process: is it clear or confused, consistent or chaotic, owned or drifting?

`counting` turns rows into the tallies of a day, `days` keeps those of days that are over, `clear`, `consistent` and
`owned` read findings out of them, `signs` compares the weeks with the business's own past, and `cases` opens what a
finding rests on. `chance` says whether a difference means anything. It writes nothing except what the owner decided.
"""
