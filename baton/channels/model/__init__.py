"""A model of the business's own that reads along, at an address that speaks OpenAI's protocol. Off until connected.

It is shown what was filed on a deal and may point at words in it. What it points at is checked and turned into
suggestions by `capture.pointing`; nothing else that it answers means anything.
"""
