"""What every room stands on: clock, money, identifiers, verdicts, the writer's lock, claims.

Knows nothing of deals, mail or people, and imports from no other room.
"""
