"""The map on screen: how work flows, what each field is for, the draft of the next version, and all versions so far."""
