"""The address of this Baton, for links that leave it: it lies in the gate, which programs ask for it too."""

from baton.gate.origin import absolute, is_here_only, origin

__all__ = ["absolute", "is_here_only", "origin"]
