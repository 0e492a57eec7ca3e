"""Starting with Baton: what do we use here, the first day, a protocol a desk, first weeks, the owner's plan."""
