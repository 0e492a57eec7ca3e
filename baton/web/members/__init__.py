"""The screens about people: signing in, one's own settings, and who works here. The door of every other screen too.

Passwords, codes, passkeys and their limits are django-allauth's; what it says and how it looks is ours.
"""
