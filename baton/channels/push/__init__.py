"""Push: what a member must hear of at once, on their phone, with the answer in the notification.

`encrypting` (RFC 8291) and `vapid` (RFC 8292) are pure, `devices` are the phones and browsers that asked for it,
`notices` notes and sends, `telling` says what a notification shows, `answering` does what was answered, once.
"""
