"""Assistants (MCP): they look, explain, and prepare, as the person who lent them a token and never more.

`door` speaks HTTP, `protocol` the Model Context Protocol, `dispatching.call` is the one way to a tool. Whatever an
assistant would change is a suggestion; once it has read words from outside, even that waits for its person (`deeds`).
"""
