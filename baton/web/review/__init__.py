"""The review as screens: what there is to talk about, the meeting on one shared screen, and its minutes."""
