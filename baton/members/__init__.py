"""Who works here: members, their desks and roles, what each may see, and when the business works.

Signing in, invitations and sessions live here too. Nothing here knows of deals or mail;
rooms above state their own visibility rules and hang them on `GuardedQuerySet`.
"""
