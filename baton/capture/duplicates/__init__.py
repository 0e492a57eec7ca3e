"""Contacts and companies that may be there twice: found by keys in small blocks, scored, and shown for a person to say.

`profile` and `scoring` are pure and measured with the answers that others published (`make bench`); `finding` keeps the
keys and the pairs, record by record as they arrive.
"""
