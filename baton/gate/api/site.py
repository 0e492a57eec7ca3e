"""Every operation, by being imported."""

from baton.gate.api import around, batch, customers, deals, deciding, duties, facts, handoffs, interactions

__all__ = ["around", "batch", "customers", "deals", "deciding", "duties", "facts", "handoffs", "interactions"]
