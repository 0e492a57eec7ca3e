"""The rules of the business, told in tests; folders mirror the rooms."""
