"""The Inbox: what came in that Baton couldn't place or isn't sure of, and the mailboxes that people drop."""
