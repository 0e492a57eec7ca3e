"""The first look: before the first question Baton reads up to 90 days of mail and says what is true already.

Nothing is recorded. What is read is told to the one whose mail it is, and to nobody else; files are deleted once they
were read, of a connected mailbox only headings are fetched, and what was found is gone with the set-up.
"""
