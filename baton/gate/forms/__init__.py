"""A website's enquiries: a page of Baton's own, or a form on the website that posts here, with or without its script.

Each form is a connection of the channel `form`, so it is made, switched off and looked after on Channels. What is
posted goes in through `ingest`; what looks like spam waits in Inbox, and nothing is dropped.
"""
