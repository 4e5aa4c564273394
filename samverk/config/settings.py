"""Django's settings. What an installation chooses comes from samverk.config.environment; the rest is decided here."""

import secrets
from pathlib import Path

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from samverk.config import environment

ENV = environment.read()
ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"


def _data_folder() -> Path:
    chosen: Path = ENV["SAMVERK_DATA"]
    chosen.mkdir(parents=True, exist_ok=True)
    return chosen


def _secret(data: Path) -> str:
    """The installation's own key, made once and readable by its owner only."""
    if ENV["SAMVERK_SECRET"]:
        return str(ENV["SAMVERK_SECRET"])
    path = data / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def _database(data: Path) -> dict:
    chosen = ENV["DATABASE_URL"]
    if chosen and chosen["ENGINE"] == "postgresql":
        return {
            **chosen,
            "ENGINE": "django.db.backends.postgresql",
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": chosen["NAME"] if chosen else data / "samverk.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA cache_size=-16000;",
        },
    }


SAMVERK_DATA = _data_folder()
SECRET_KEY = _secret(SAMVERK_DATA)
DEBUG = ENV["SAMVERK_DEBUG"]
SAMVERK_ADDRESS = ENV["SAMVERK_ADDRESS"]
SAMVERK_CENTRE = ENV["SAMVERK_CENTRE"]
SAMVERK_HELP_NAME = ENV["SAMVERK_HELP_NAME"]
SAMVERK_HELP_PHONE = ENV["SAMVERK_HELP_PHONE"]
SAMVERK_DEMO = ENV["SAMVERK_DEMO"]
SAMVERK_PROXIES = ENV["SAMVERK_PROXIES"]
SAMVERK_WORKERS = ENV["SAMVERK_WORKERS"]
_SECURE = SAMVERK_ADDRESS.startswith("https://")

ALLOWED_HOSTS = [
    environment.urlsplit(SAMVERK_ADDRESS).hostname,
    "127.0.0.1",
    "localhost",
    *ENV["SAMVERK_HOSTS"],
]
CSRF_TRUSTED_ORIGINS = [SAMVERK_ADDRESS]

INSTALLED_APPS = [
    "samverk.kit",
    "samverk.trail",
    "samverk.post",
    "samverk.people",
    "samverk.directory",
    "samverk.programmes",
    "samverk.questions",
    "samverk.activities",
    "samverk.certificates",
    "samverk.agenda",
    "samverk.tables",
    "samverk.mailings",
    "samverk.polls",
    "samverk.follow_up",
    "samverk.absences",
    "samverk.adjustments",
    "samverk.asking",
    "samverk.evaluation",
    "samverk.live",
    "samverk.ledger",
    "samverk.paper",
    "samverk.remote",
    "samverk.reporting",
    "samverk.public",
    "samverk.portal",
    "samverk.office",
    *(["samverk.demo"] if SAMVERK_DEMO else []),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
]

MIDDLEWARE = [
    "samverk.kit.middleware.request_log",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "samverk.kit.middleware.private_pages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "samverk.kit.middleware.StorableText",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "samverk.people.middleware.known_device",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "samverk.config.urls"
WSGI_APPLICATION = "samverk.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["samverk.kit.templatetags.kit"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.static",
                "django.contrib.messages.context_processors.messages",
                "samverk.kit.comfort.comfort_context",
                "samverk.people.context.signed_in",
            ],
        },
    }
]
FORM_RENDERER = "samverk.kit.forms.Renderer"

DATABASES = {"default": _database(SAMVERK_DATA)}
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["samverk.people.backends.PersonBackend"]
# The address is unique by its lower-case form, which this check cannot see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
LOGIN_URL = "portal:sign_in"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "samverk"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _SECURE
SESSION_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SAMVERK_PROXIES else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

LANGUAGE_CODE = ENV["SAMVERK_LANGUAGE"]
LANGUAGES = [
    ("sv", _("Swedish")), ("pl", _("Polish")), ("en", _("English")), ("de", _("German")), ("nb", _("Norwegian")),
]  # fmt: skip
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = ENV["SAMVERK_TIME_ZONE"]
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BUILD / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "samverk.kit.finders.VendorFinder",
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": SAMVERK_DATA / "files", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

DEFAULT_FROM_EMAIL = ENV["SAMVERK_MAIL_FROM"]
_MAIL = ENV["SAMVERK_MAIL"]
MAILERS = {
    "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {**_MAIL, "timeout": 20}}
    if _MAIL
    else {"BACKEND": "samverk.post.backends.LogBackend"}
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "samverk.kit.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}, "django.security.DisallowedHost": {"level": "ERROR"}},
}
