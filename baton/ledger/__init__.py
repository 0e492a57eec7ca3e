"""What is true, who says so, since when.

`recording.record()` is the only way in: it appends facts, folds them into the current rows, and tells the
rooms above what happened, in one transaction. Facts and interactions are only ever added; everything else
in this room (current rows, spans, events, indexes) can be rebuilt from them, and `baton check` does.
"""
