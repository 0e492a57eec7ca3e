"""`make prove`: what Baton promises about not losing anything, shown by breaking it.

`kills` ends the whole program with kill -9 while mail comes in by SMTP and from a real IMAP mailbox; `syncs` traces the
system calls of the receiver and, on PostgreSQL, of the server; `hooks` tells a running Baton every event five times.
Each runs in a process of its own whose environment names the place that it works in. `make test` runs a sample.
"""
