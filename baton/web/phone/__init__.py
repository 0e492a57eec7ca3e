"""The phone: ring a customer, write to them, and say in one line what was said."""
