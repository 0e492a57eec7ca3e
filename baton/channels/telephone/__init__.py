"""Any other telephone system: one signed address to which it posts calls and texts as plain JSON."""
