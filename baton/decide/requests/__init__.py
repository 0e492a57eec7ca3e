"""Requests: somebody wants figures, with or without a spreadsheet of theirs. Baton reads the template as it is, says
which cell means what, fills what it can stand behind, and names the deals and facts behind every cell.

`workbook` knows files and nothing of deals; `words`, `periods`, `meaning` and `lists` are pure and know nothing of
rows; `figures` asks the rows, through the eyes of the member who asked; `answering` puts them together.
"""
