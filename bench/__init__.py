"""The reference business, and how fast Baton is on it.

`make bench` builds a tenth of the business of issue “The relay” on both databases, and measures what people wait for
through HTTP beside the same question in bare SQL. `python -m bench SCALE=1 DB=sqlite ONLY=today,board` chooses parts.
"""
