"""REST under `/api/v1`: every record, fact, interaction, duty, handoff, forecast, request and the map, for programs.

An operation is a function with `@operation`; what it takes and gives is JSON Schema, because a deal has the fields of
the map in force, which no class written beforehand knows. `description.py` makes OpenAPI 3.1 of both, `door.py` lets
programs in, checks what they send and turns every refusal into problem details, `once.py` answers a repeated request
with the same answer. Operations read with `visible_to(member)` and write with the verbs of the rooms below, inside
`acting.recording()`; nothing here writes a row of a record.

The room is loaded with the first request, and JSON Schema with the first that writes: a Baton without programs pays
for neither.
"""
