"""All settings, in one place. The environment decides what differs between installations."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from filrouge.lib.sealing import load_key

PACKAGE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("FILROUGE_DATA") or PACKAGE.parent / "data").resolve()
DATA.mkdir(parents=True, exist_ok=True, mode=0o700)  # names, words and the key that seals them
UPLOADS = DATA / "uploads"
EXPORTS = DATA / "exports"
UPLOADS.mkdir(exist_ok=True)

DEBUG = os.environ.get("FILROUGE_DEBUG") == "1"
SEALING_KEY = load_key(DATA / "secret.key")
SECRET_KEY = SEALING_KEY.hex()
SITE_URL = os.environ.get("FILROUGE_URL", f"http://localhost:{os.environ.get('PORT') or 8000}").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = os.environ.get(
    "FILROUGE_HOSTS", f"localhost,127.0.0.1,[::1],{urlsplit(SITE_URL).hostname}"
).split(",")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []


# A page reads fifty rows by an index: a parallel worker, a compiler or planning it anew cost more than that.
POSTGRES: dict[str, Any] = {
    "options": "-c max_parallel_workers_per_gather=0 -c jit=off",
    "server_side_binding": True,
    "prepare_threshold": 3,
}
# PgBouncer gives each transaction any connection: it refuses the first, and keeps no statement or cursor.
POOLED: dict[str, Any] = {"options": "", "prepare_threshold": None}


def database(url: str) -> dict[str, object]:
    """Django's settings for a database URL; SQLite in the data folder when there is none."""
    if not url:
        return sqlite(DATA / "filrouge.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(parts.path))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL names {parts.scheme!r}; Filrouge knows postgres:// and sqlite:///")
    given: dict[str, Any] = dict(parse_qsl(parts.query))
    pooled = given.pop("pgbouncer", "") == "true"
    if "prepare_threshold" in given:
        given["prepare_threshold"] = int(given["prepare_threshold"])
    options = POSTGRES | (POOLED if pooled else {}) | given
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": parts.port or "",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
        "OPTIONS": options,
    }


def sqlite(path: Path) -> dict[str, object]:
    cache = 65_536 // int(os.environ.get("FILROUGE_THREADS", "1"))  # kB; each thread opens the file
    pragmas = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; "
        f"PRAGMA cache_size=-{cache}; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON"
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
        "TEST": {"NAME": os.environ.get("FILROUGE_TEST_SQLITE")},
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",  # for its empty table alone: backups made before people.sessions name it
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_tasks",
    "filrouge.people",
    "filrouge.jobs",
    "filrouge.core",
    "filrouge.voices",
    "filrouge.desk",
    "filrouge.api",
    "filrouge.ui",
    "filrouge.evidence.feedback",
    "filrouge.evidence.insights",
    "filrouge.alignment.strategy",
    "filrouge.alignment.roadmap",
    "filrouge.alignment.decisions",
    "filrouge.alignment.exchange",
    "filrouge.coherence",
    "filrouge.sample",
]

MIDDLEWARE = [
    "filrouge.ui.middleware.ServerTiming",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "filrouge.ui.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "filrouge.people.sessions.Authentication",
    "filrouge.ui.middleware.Reader",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "filrouge.people.middleware.FirstRun",
    "filrouge.sample.footsteps.Footsteps",
]

ROOT_URLCONF = "filrouge.urls"
WSGI_APPLICATION = "filrouge.wsgi.application"

CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            PACKAGE.joinpath(*app.split(".")[1:], "templates")
            for app in INSTALLED_APPS
            if app.startswith("filrouge.")
        ],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "filrouge.ui.jinja.environment", "context_processors": CONTEXT_PROCESSORS},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    },
]

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "filrouge.people.accounts.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip,5/15m/key"}  # nobody's mailbox is filled by a stranger
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"  # of the links in mails
# How many proxies stand before us: sign-ins are limited by the address that the first of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("FILROUGE_PROXIES", "0"))

SESSION_ENGINE = "filrouge.people.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_SSL_REDIRECT = False  # the proxy that holds the certificate does it; /healthz must answer without
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "filrouge.ui.errors.csrf_failure"
SECURE_CSP = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["filrouge.people.gate.NoFiles"]
FILE_UPLOAD_TEMP_DIR = UPLOADS  # on the disk where an import keeps it: taking it over is a rename
IMPORT_MAX_BYTES = 2_000_000_000
PLANS_MAX_BYTES = 16_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "process"},
}
API_PER_MINUTE = int(os.environ.get("FILROUGE_API_PER_MINUTE", "600"))
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # see SECURE_SSL_REDIRECT
KEPT_SECONDS = 5
TASKS = {"default": {"BACKEND": "filrouge.jobs.backend.JobBackend", "QUEUES": []}}
SCHEDULE = "filrouge.schedule.SCHEDULE"

EMAIL_BACKEND = "filrouge.jobs.outbox.OutboxBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_TLS", "1") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "Filrouge <filrouge@localhost>")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = UPLOADS

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"one_line": {"()": "filrouge.lib.logs.OneLine"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler"},
        "one_line": {"class": "logging.StreamHandler", "filters": ["one_line"]},
    },
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"handlers": ["one_line"], "propagate": False},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("FILROUGE_LOG", "WARNING")},
}
