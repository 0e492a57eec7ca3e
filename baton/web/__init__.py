"""The screens: what a person sees and touches, and nothing that decides.

A view reads the request, calls one function of a lower room and renders. Views are grouped by screen, one template a
screen (`pages.page` picks the whole page or the part that htmx asked for). `words` puts times and sums into words,
`marks` draws the marks of the visual language, `templatetags/baton.py` offers both to templates, `refusals`, `errors`
and `headers` stand around every view. docs/developers/screens.md says how a screen is added.
"""
