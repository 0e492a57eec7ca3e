"""Who a program acts for, and what it may: personal tokens, OAuth 2.1, and `acting(request)`, the one door for both.

A program acts as the member who lent it their rights and never more: whatever it asks or writes goes through
`visible_to(member)` and `record()` with that member, and scopes only take away. What a member's role loses, their
programs lose with the next request; a member who left has none.
"""
