"""One settings file, read from the environment only.

With no variable set cxplan runs embedded: SQLite, Celery eager after commit, memory cache,
DEBUG on. `DATABASE_URL` and `REDIS_URL` switch it to PostgreSQL, a Celery worker with beat and
a shared cache. Nothing else in the code asks which of the two it is.
"""

import os
from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# On for whoever tries cxplan; a site that was given a key or a name is no trial.
DEBUG: bool = env.bool(
    "DEBUG", default=not (os.environ.get("SECRET_KEY") or os.environ.get("ALLOWED_HOSTS"))
)
REDIS_URL: str = env.str("REDIS_URL", default="")


def _secret_key() -> str:
    """The key named by SECRET_KEY; in DEBUG one made once and kept in an ignored file."""
    named: str = env.str("SECRET_KEY", default="")
    if named:
        return named
    if not DEBUG:
        raise ImproperlyConfigured("DEBUG is off: set SECRET_KEY in the environment.")
    kept = BASE_DIR / ".secret_key"
    if not kept.exists():
        kept.write_text(get_random_secret_key())
        kept.chmod(0o600)
    return kept.read_text().strip()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEBUG else []
)
CSRF_TRUSTED_ORIGINS = [
    f"https://*{host}" if host.startswith(".") else f"https://{host}"
    for host in ALLOWED_HOSTS
    if host != "*"
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "accounts",
    "journeys",
    "scoring",
    "observations",
    "actionplans",
    "dashboards",
    "alerts",
    "cxplan",
]

MIDDLEWARE = [
    "cxplan.middleware.NoNullCharacterMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "actionplans.middleware.NoNewsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "cxplan.middleware.PlainTextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PersonLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "cxplan.urls"
WSGI_APPLICATION = "cxplan.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cxplan.frame.page_frame",
            ],
        },
    }
]

# --- data ------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # One writer at a time, decided at BEGIN, so that two writers wait instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Only the statements of accounts/compiled.py are ever prepared: Django's own never repeat.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("prepare_threshold", 2)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cxplan",
        # A page does without what is kept there sooner than it waits for it.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "media")))

# --- tasks -----------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_TASK_EAGER_PROPAGATES = True
# A request does not wait for a broker that is down or mute: the sweep folds what this leaves.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
}
# A worker does wait, for as long as it takes.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep-pending-folds": {"task": "observations.tasks.sweep_pending_folds", "schedule": 60.0},
    "drop-old-drafts": {
        "task": "observations.tasks.drop_old_drafts",
        "schedule": crontab(hour=3, minute=30),
    },
    "sweep-documents": {"task": "journeys.tasks.sweep_documents", "schedule": 600.0},
    "check-cells": {
        "task": "observations.tasks.check_cells",
        "schedule": crontab(hour=3, minute=0),
    },
    "remind-observers": {
        "task": "observations.tasks.remind_observers",
        "schedule": crontab(hour=5, minute=30),
    },
    "write-about-actions": {
        "task": "actionplans.tasks.write_about_actions",
        "schedule": crontab(hour=5, minute=45),
    },
    "sweep-action-files": {
        "task": "actionplans.tasks.sweep_action_files",
        "schedule": crontab(hour=3, minute=45),
    },
    "sweep-imports": {"task": "observations.tasks.sweep_imports", "schedule": 60.0},
    "write-letters": {
        "task": "alerts.tasks.write_letters",
        "schedule": crontab(hour=5, minute=0),
    },
    "tell-webhooks": {"task": "alerts.tasks.tell_webhooks", "schedule": crontab(minute=10)},
    "sweep-deliveries": {"task": "alerts.tasks.sweep_deliveries", "schedule": 60.0},
    "close-due-measures": {
        "task": "actionplans.tasks.close_due_measures",
        "schedule": crontab(minute=10),
    },
}

# --- people ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_ADAPTER = "accounts.adapter.ClosedSignupAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_SESSION_REMEMBER = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "journeys:programme-list"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

# --- mail ------------------------------------------------------------------------------------
_mail = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND: str = _mail["EMAIL_BACKEND"]
EMAIL_HOST: str = _mail.get("EMAIL_HOST") or "localhost"
EMAIL_PORT: int = _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER: str = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD: str = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS: bool = bool(_mail.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL: bool = bool(_mail.get("EMAIL_USE_SSL"))
# Where the pages are, for letters that no request writes.
_host = next((host for host in ALLOWED_HOSTS if not host.startswith(("*", "."))), "localhost")
SITE_URL: str = env.str(
    "SITE_URL", default="http://127.0.0.1:8000" if DEBUG else f"https://{_host}"
).rstrip("/")
# Who is told when the nightly check finds a fault.
ADMINS = [("", address) for address in env.list("ADMINS", default=[])]
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="cxplan@localhost")

# --- language and time -----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["cxplan.formats"]
USE_TZ = True
TIME_ZONE: str = env.str("TIME_ZONE", default="Europe/Paris")

# --- pages -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# Browser libraries stay where npm put them; before `npm ci` there is nothing to serve from there.
_BROWSER_LIBRARIES = {
    "bootstrap": BASE_DIR / "node_modules" / "bootstrap" / "dist",
    "plotly": BASE_DIR / "node_modules" / "plotly.js-cartesian-dist-min",
    "sortablejs": BASE_DIR / "node_modules" / "sortablejs",
    # Those of the field app, each one ES module.
    "idb": BASE_DIR / "node_modules" / "idb" / "build",
    "canonicalize": BASE_DIR / "node_modules" / "canonicalize" / "lib",
    "uuidv7": BASE_DIR / "node_modules" / "uuidv7" / "dist",
}
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [
    BASE_DIR / "static",
    *((prefix, folder) for prefix, folder in _BROWSER_LIBRARIES.items() if folder.exists()),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = not DEBUG

# --- API -------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # A device's token is known by its beginning and goes no further; a person's goes on.
        "observations.api.authentication.DeviceAuthentication",
        "accounts.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    # What a device may use says so itself.
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.IsPerson"],
    # Whom a rate limit counts: an address that a sender may write as it likes is nobody's.
    "NUM_PROXIES": 1 if env.bool("BEHIND_PROXY", default=False) else 0,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "PAGE_SIZE": 100,
    "EXCEPTION_HANDLER": "accounts.api.problems.problem_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "cxplan",
    "DESCRIPTION": "Customer-experience programmes: observations in, scores and priorities out.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PERMISSIONS": ["accounts.api.permissions.IsPerson"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- webhooks --------------------------------------------------------------------------------
# Addresses that people type may lead into the site's own network only where this says so.
WEBHOOKS_MAY_REACH_PRIVATE: bool = env.bool("WEBHOOKS_MAY_REACH_PRIVATE", default=False)

# --- security --------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # Plotly writes its own style rules into the page; no script is ever inline.
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [SELF],
    }
}
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
# Then the last address of X-Forwarded-For is whom the proxy heard from.
BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", default=False)
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
    # The other sites of the domain are not ours to bind.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    # Eager tasks are part of a request or a command; a worker's log says what it does.
    "loggers": {} if REDIS_URL else {"celery": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
