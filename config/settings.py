"""Settings of one Baton: one business, one database.

Everything that differs between machines comes from the environment:
`BATON_DATA` (folder of database, files and keys), `DATABASE_URL` (PostgreSQL),
`BATON_HOSTS`, `BATON_INSIDE`, `BATON_SEAL_KEYS`, `BATON_URL` (the address people use), `BATON_DEBUG`, `BATON_DEMO`,
`BATON_PRACTICE_URL` (the address of the practice business).
"""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("BATON_DATA", BASE_DIR / "data")).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
FILES_DIR = DATA_DIR / "files"

DEBUG = os.environ.get("BATON_DEBUG") == "1"
BATON_DEMO = os.environ.get("BATON_DEMO") == "1" or (DATA_DIR / "demo").exists()
# A business to practise in (`baton practice`): it connects to nothing, and has cookies of its own beside the real one.
BATON_PRACTICE = os.environ.get("BATON_PRACTICE") == "1"
if BATON_PRACTICE:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "practice_sessionid", "practice_csrftoken"
BATON_URL = os.environ.get("BATON_URL", "")
# Where people find the practice business (`baton practice`); without it nobody is offered one.
BATON_PRACTICE_URL = os.environ.get("BATON_PRACTICE_URL", "")


def _kept_key(name: str, made: Callable[[], str]) -> str:
    """Read the named key from the data folder; the first start makes it, readable by its user alone."""
    path = DATA_DIR / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(made())
    return path.read_text().strip()


SECRET_KEY = os.environ.get("BATON_SECRET_KEY") or _kept_key("secret.key", lambda: secrets.token_urlsafe(64))
# What opens the credentials of connected mailboxes and telephones; several, newest first, while a key is changed.
SEAL_KEYS = [k for k in os.environ.get("BATON_SEAL_KEYS", "").split(",") if k] or [
    _kept_key("seal.key", lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
]
# Hosts of one's own network that Baton may connect to: `mail.lan`, `10.0.0.5:993`.
BATON_INSIDE = [host for host in os.environ.get("BATON_INSIDE", "").split(",") if host]
ALLOWED_HOSTS = [h for h in os.environ.get("BATON_HOSTS", "").split(",") if h] or ["localhost", "127.0.0.1", "[::1]"]
if BATON_URL:
    ALLOWED_HOSTS.append(urlsplit(BATON_URL).hostname or "localhost")
    CSRF_TRUSTED_ORIGINS = [BATON_URL.rstrip("/")]
    if BATON_URL.startswith("https://"):
        SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        SECURE_HSTS_SECONDS = 31_536_000
        ALLAUTH_TRUSTED_PROXY_COUNT = 1

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "oauth2_provider",
    "baton",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "baton.web.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "baton.web.redirects.RedirectMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "baton.web.members.door.DoorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "baton.web.refusals.RefusalMiddleware",
    "baton.web.mirror.looking.LookingMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "baton.Member"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "baton" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "baton.web.templatetags.baton",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "baton.web.frame.frame",
            ],
        },
    }
]


def _database() -> dict[str, object]:
    url = os.environ.get("DATABASE_URL", "")
    return _postgres(url) if url else _sqlite()


def _sqlite() -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "baton.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # The whole file is mapped: each write empties the page caches of all other connections, and what they
            # then read again needn't be copied (a quarter of the board's time).
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000; "
                "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=2147418112; PRAGMA recursive_triggers=ON; "
                "PRAGMA secure_delete=FAST;"
            ),
        },
    }


def _postgres(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database()}

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("de", _("German")), ("hr", _("Croatian"))]
LOCALE_PATHS = [BASE_DIR / "baton" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = None

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "baton" / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "baton.web.assets.HashedFiles"},
}

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "baton.web.members.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "baton.web.members.signing_in.SignInForm"}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/m/ip,5/5m/key,20/h/key",
    "reset_password": "20/h/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
    "crew": "60/m/ip",  # who opens a packet without an account
    "form": "10/m/ip",  # enquiries that a website's visitors send
    "pocket": "60/m/ip",  # what a Shortcut posts
    "push": "60/m/ip",  # what a notification is answered with
    "share": "20/h/ip",  # what strangers leave at the door while they sign in
    "program": "60/m/ip",  # tokens that aren't good
    "program_registration": "60/h/ip",
    "program_tokens": "120/m/ip",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 3600
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
MFA_ADAPTER = "baton.web.members.adapters.MFAAdapter"
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
USERSESSIONS_TRACK_ACTIVITY = False

# What a program is let in for, a minute, in one member's hands.
BATON_PROGRAM_REQUESTS_A_MINUTE = int(os.environ.get("BATON_PROGRAM_REQUESTS", "600"))
OAUTH2_PROVIDER = {
    "OAUTH2_VALIDATOR_CLASS": "baton.gate.access.granting.Validator",
    "SCOPES": dict.fromkeys(["read", "messages", "suggest", "write"], ""),  # in words: gate.access.scopes
    "DEFAULT_SCOPES": ["read"],
    "PKCE_REQUIRED": True,
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 90 * 86_400,
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
}

# Only signing in uses it (who guesses how often), so no other request writes to it. Far more entries than anybody can
# make within an hour at the limits above: the backend throws out living ones when it is full.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "baton_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}
CSRF_FAILURE_VIEW = "baton.web.errors.forged"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 5_000  # a maildir folder is dropped as the files in it

MAIL_IS_SET_UP = bool(os.environ.get("BATON_SMTP_HOST") or os.environ.get("BATON_EMAIL_BACKEND"))
EMAIL_TIMEOUT = 15
EMAIL_BACKEND = os.environ.get("BATON_EMAIL_BACKEND", "baton.kernel.mailing.CheckedBackend")
EMAIL_HOST = os.environ.get("BATON_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("BATON_SMTP_PORT", "25"))
if os.environ.get("BATON_SMTP_HOST"):
    BATON_INSIDE.append(f"{EMAIL_HOST}:{EMAIL_PORT}")  # whoever runs Baton named it
EMAIL_HOST_USER = os.environ.get("BATON_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("BATON_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("BATON_SMTP_TLS") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("BATON_FROM", "baton@localhost")
