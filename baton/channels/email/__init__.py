"""Email: raw messages become `MailMessage`, mailboxes become raw messages.

`reading.read_mail` is the way in. It meets whatever strangers send, so it runs in the limited child
(`capture.untrusted`), and nothing in this folder but the adapter may import Django.
"""

from baton.capture.untrusted import allow

_VALUES = "baton.channels.email.message."
READ_MAIL = allow(
    "baton.channels.email.reading.read_mail",
    answers=[
        _VALUES + name
        for name in ("Address", "Attachment", "Bounce", "CalendarPart", "Forwarded", "MailMessage", "QuotedMessage")
    ],
)
CLEAN_HTML = allow("baton.channels.email.html.clean_html", answers=["baton.channels.email.html.CleanHtml"])
