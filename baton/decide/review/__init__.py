"""The review: a meeting run from the live pipeline. Its agenda writes itself, and what is decided is written in place.

`reasons` says why a deal is talked about, `agenda` puts the deals in order, `reviews` begins and ends a meeting,
`deciding` writes what was decided on the deals, `snapshots` keeps what the pipeline was, `minutes` tells it all.
"""
