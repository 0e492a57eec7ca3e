"""The owner's desk as a screen: what the owner owes the system, each with a next action and what was decided."""
