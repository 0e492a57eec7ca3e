"""Programs are let in, and may act, if what they stand on is sure and fresh and they may no more than their person.

A folder for each way through: `access` (tokens and OAuth: who a program acts for, and what it may), `api` (REST under
`/api/v1`), `automations`, `hooks` (webhooks to the outside), `assistants` (MCP), `forms` (a website's enquiries).
Screens for them lie in `web/gate`.
"""
