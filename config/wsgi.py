"""The WSGI door of Baton."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402

from baton.web import assets  # noqa: E402

assets.collect()  # before WhiteNoise, which lists the files once, when the application is made
application = get_wsgi_application()
