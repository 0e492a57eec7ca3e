"""The quick line: typed anywhere, read into chips that can be changed, recorded at once.

`reading.py` reads a line for whoever types it, `rows.py` shows its chips as rows of a form and reads them back,
`page.py` answers. The line itself is understood and saved by `baton/channels/quick`.
"""
