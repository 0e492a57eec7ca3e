"""The one Django app; each room registers what it adds to the lower ones when the app is ready."""

from django.apps import AppConfig


class BatonConfig(AppConfig):
    """One app, one migration history, many rooms."""

    name = "baton"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the rooms above the ledger hang their reducers on `record()`, in a fixed order."""
        from baton.kernel import among, words
        from baton.ledger import triggers
        from baton.ledger.search import engines
        from baton.rooms import register

        register()
        among.register()
        words.remember_translations()
        triggers.connect()
        engines.connect()
