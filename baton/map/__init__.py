"""The operating map: how work flows in this business, as data.

`schema` says what a map holds and answers questions about it; `events` and `durations` are the small languages in
it; `reading` turns YAML into a map or into problems with their lines, `validation` says what makes a map unfit to
work by, `writing` gives it back as YAML; `diff` compares two maps, `drawing` lays one out, `ready` holds the maps
to start from. All of it is pure: what is published, by whom and since when, is kept in `models`.
"""
