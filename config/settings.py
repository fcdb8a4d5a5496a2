"""All settings, from the environment (see README). What cannot be meant is refused by name at start."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
import structlog
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.rules.roles import Role
from config import env

env.refuse_strangers(os.environ)
ROLES = tuple(role.value for role in Role)

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")
DEBUG = env.flag("DEBUG")
PORT = env.port("PORT", 8000)
PUBLIC_URL = env.url("PUBLIC_URL", ("http", "https"), f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_NAME = env.text("SITE_NAME", "示例省科技企业孵化器服务平台")
SITE_NAME_EN = "Business Incubator Service Platform"
SITE_SPONSOR = env.text("SITE_SPONSOR", "示例省科技创业服务中心")

_DATABASE_URL = env.url("DATABASE_URL", ("postgres", "postgresql", "sqlite"))
EMBEDDED = not _DATABASE_URL or _DATABASE_URL.startswith("sqlite")
REDIS_URL = env.url("REDIS_URL", ("redis", "rediss", "unix"))
# Demo data is loaded, and 演示数据 shown on every page, on the embedded database or when asked for.
DEMO = env.flag("DEMO") if os.environ.get("DEMO") else EMBEDDED
# What the foot of every public page says; what is not given leaves its line out. The demo's are invented.
_SITE_DEMO = {
    "SITE_SUPPORT": "示例省科技信息研究所",
    "SITE_HOTLINE": "0000-1234 5678（工作日 9:00–17:30）",
    "SITE_ADDRESS": "云州市文澜路 1 号，邮编 000000",
    "SITE_ICP": "示ICP备00000000号-1",
    "SITE_POLICE_RECORD": "示公网安备 00000000000000 号",
    "SITE_CODE": "0000000000",
}
SITE = {
    name.removeprefix("SITE_").lower(): env.text(name, invented if DEMO else "")
    for name, invented in _SITE_DEMO.items()
}


def _secret_key() -> str:
    """The key given; on the embedded database one is made once and kept beside the data."""
    given = env.text("SECRET_KEY")
    if given:
        if len(given) < 32:
            raise env.BadSetting("SECRET_KEY", "must have at least 32 characters.")
        return given
    if not EMBEDDED:
        raise env.BadSetting("SECRET_KEY", "is required when DATABASE_URL names a server.")
    path = DATA_DIR / "secret.key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


SECRET_KEY = _secret_key()
if DEBUG and not EMBEDDED:
    raise env.BadSetting("DEBUG", "may not be on when DATABASE_URL names a server.")
SIGNING_KEYS = env.names("SIGNING_KEYS") or [SECRET_KEY]
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS") or (["127.0.0.1", "localhost", "[::1]"] if EMBEDDED else [])
if not ALLOWED_HOSTS:
    raise env.BadSetting("ALLOWED_HOSTS", "is required when DATABASE_URL names a server.")
TRUSTED_PROXIES = env.names("TRUSTED_PROXIES")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "portal",
    "news",
    "figures",
    "funding",
    "evaluation",
    "reporting",
    "registry",
    "office",
    "accounts",
    "core",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "lucide",
    "axes",
    "csp",
    "django_structlog",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionTermMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "accounts.middleware.ActorMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.shell",
            ],
            "builtins": ["core.templatetags.ui", "lucide.templatetags.lucide"],
        },
    }
]


def _database() -> dict[str, Any]:
    """SQLite begins writing transactions IMMEDIATE, since it has no row locks."""
    if EMBEDDED and not _DATABASE_URL:
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        found: dict[str, Any] = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA_DIR / "portal.sqlite3"),
        }
    else:
        found = dict(environ.Env.db_url_config(_DATABASE_URL))
    if found["ENGINE"].endswith("sqlite3"):
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            " PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;",
        }
    else:
        found["CONN_MAX_AGE"] = 60
        found["CONN_HEALTH_CHECKS"] = True
        found["OPTIONS"] = {
            **found.get("OPTIONS", {}),
            # Compiling a plan costs more than any question of a page takes.
            "options": "-c timezone=UTC -c statement_timeout=60000 -c lock_timeout=10000 -c jit=off",
        }
    return found


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES: dict[str, dict[str, Any]] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL:
    # A cache that does not answer must not hold a request up: it is told apart from a slow one soon.
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "socket_connect_timeout": 1,
            "socket_timeout": 2,
            "retry": Retry(NoBackoff(), 0),
        },
    }
# Behind the cache stands the table: people stay signed in when the cache is gone.
SESSION_ENGINE = f"django.contrib.sessions.backends.{'cached_db' if REDIS_URL else 'db'}"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_IDLE_SECONDS = 30 * 60

_files = urlsplit(env.url("FILES_URL", ("file", "s3"), (DATA_DIR / "files").as_uri()))
STORAGES: dict[str, dict[str, Any]] = {}
if _files.scheme == "file":
    STORAGES["default"] = {
        "BACKEND": "office.storage.DurableStorage",
        "OPTIONS": {"location": unquote(_files.path), "file_permissions_mode": 0o600},
    }
else:
    # s3://KEY:SECRET@ENDPOINT/BUCKET; several machines share no local disk.
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "access_key": unquote(_files.username or ""),
            "secret_key": unquote(_files.password or ""),
            "endpoint_url": f"https://{_files.hostname}",
            "bucket_name": _files.path.strip("/"),
        },
    }
# Static files are collected under content names, compressed; while developing they are served where they lie.
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "config.assets.HashedStorage"
}
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.assets.PackageAssetsFinder",
]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.CommonFormsValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "portal:public_home"
# Who must show a code of a device besides the password; the demo's printed accounts sign in without one.
_SECOND_FACTOR = (
    *("county_officer", "city_officer", "province_officer", "finance_officer", "expert", "auditor"),
    *("system_administrator", "security_administrator"),
)
SECOND_FACTOR_ROLES = env.choices("SECOND_FACTOR_ROLES", ROLES, () if DEMO or DEBUG else _SECOND_FACTOR)
# Sign-in through a provider of one's organisation: off unless all three are given.
OIDC_ISSUER = env.url("OIDC_ISSUER", ("https", "http"))
OIDC_CLIENT_ID, OIDC_CLIENT_SECRET = env.text("OIDC_CLIENT_ID"), env.text("OIDC_CLIENT_SECRET")
OIDC_NAME = env.text("OIDC_NAME")
if OIDC_ISSUER and not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET):
    raise env.BadSetting("OIDC_ISSUER", "needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.")
# Releases, money and personal data that leave ask again who it is.
CONFIRM_ACTS = True
# Per account and network together: nobody can lock another's account from elsewhere.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "office.web.people.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLE_ADMIN = True
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_HTTPS = PUBLIC_URL.startswith("https:")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "240/min", "user": "1200/min"},
    "EXCEPTION_HANDLER": "core.api.problems_handler",
    "NUM_PROXIES": len(TRUSTED_PROXIES),
}
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105  a model
REST_KNOX = {"TOKEN_TTL": timedelta(days=90), "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Business incubator portal",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False  # the sweeper re-sends by the job row, with a count
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
JOB_LEASE_SECONDS = 120
JOB_ATTEMPTS = 3

_mail = urlsplit(env.url("EMAIL_URL", ("file", "smtp", "smtps"), (DATA_DIR / "mail").as_uri()))
if _mail.scheme == "file":
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = unquote(_mail.path)
else:
    EMAIL_HOST = _mail.hostname or ""
    EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = _mail.scheme == "smtp"
DEFAULT_FROM_EMAIL = "portal@" + (urlsplit(PUBLIC_URL).hostname or "localhost")
SMS_URL, SMS_TOKEN = env.url("SMS_URL", ("http", "https")), env.text("SMS_TOKEN")
SMS_ON = bool(SMS_URL)  # without a provider nobody is offered short messages
SMS_GATEWAY = "office.gateways.HttpGateway" if SMS_ON else "office.gateways.FileGateway"
SMS_FILE = DATA_DIR / "sms.log"

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
