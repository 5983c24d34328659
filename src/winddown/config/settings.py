"""Django's settings, made from the environment once."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlparse

from winddown.config.environment import read
from winddown.domain.refusals import Missing

ENVIRONMENT = read(os.environ)

PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = False


def _secret() -> str:
    if not ENVIRONMENT.secret_file.is_file():
        raise Missing(
            because=f"The key file {ENVIRONMENT.secret_file} is not there.",
            way_out="`winddown init` makes it; after a restore, bring it from its own backup (docs/runbooks/keys.md).",
            code="secret_missing",
        )
    return ENVIRONMENT.secret_file.read_text(encoding="ascii").strip()


SECRET_KEY = _secret()
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
ROOT_URLCONF = "winddown.config.urls"
WSGI_APPLICATION = "winddown.config.wsgi.application"
ASGI_APPLICATION = "winddown.config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "winddown.record.apps.RecordConfig",
    "winddown.web.apps.WebConfig",
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
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "winddown.web.access.AccessMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "winddown.web.access.page_context",
                "winddown.web.tasks.banner.page_context",
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    parts = urlparse(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "winddown", "connect_timeout": "10"} | dict(parse_qsl(parts.query)),
    }


DATABASE_URL = ENVIRONMENT.role_database_url or ""
DATABASES = {"default": _database(ENVIRONMENT.role_database_url)} if ENVIRONMENT.role_database_url else {}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "winddown_cache"}}

AUTH_USER_MODEL = "record.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["email"]}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "winddown.web.signin.ClosedDoor"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENVIRONMENT.production

SESSION_COOKIE_SECURE = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if ENVIRONMENT.tls_cert or ENVIRONMENT.behind_proxy:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
if ENVIRONMENT.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ENVIRONMENT.allowed_hosts if host not in ("localhost", "127.0.0.1")]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LANGUAGE_CODE = ENVIRONMENT.language
LANGUAGES = [("en", "English"), ("es", "Español")]
# The pages of patients speak more languages than those of the staff. Arabic is an unchecked translation and says so on every page.
PATIENT_LANGUAGES = [*LANGUAGES, ("ar", "العربية")]
UNCHECKED_LANGUAGES = ("ar",)
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = "winddown.locale"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"


def _smtp(url: str | None) -> dict[str, object]:
    """What Django's SMTP backend is told."""
    parts = urlparse(url or "")
    tls = {"use_ssl": parts.scheme == "smtps", "use_tls": parts.scheme == "smtp+starttls"}
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return {
        "host": parts.hostname or "",
        "port": parts.port or (465 if tls["use_ssl"] else 587),
        "username": user,
        "password": password,
        **tls,
    }


PUBLIC_ADDRESS = ENVIRONMENT.address or f"http://127.0.0.1:{ENVIRONMENT.port}"
MESSAGES = {
    "email": ENVIRONMENT.email_provider,
    "sender": ENVIRONMENT.email_from,
    "email_key": ENVIRONMENT.email_key,
    "smtp": _smtp(ENVIRONMENT.smtp_url),
    "sms": ENVIRONMENT.sms_provider,
    "sms_url": ENVIRONMENT.sms_url,
    "sms_secret": ENVIRONMENT.sms_secret,
    "folder": ENVIRONMENT.data / "messages",
}

EXPORTS = ENVIRONMENT.data / "exports"

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
LOCK_AFTER_MIN = ENVIRONMENT.lock_after_min

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"fido2": {"level": "WARNING"}, "django.server": {"level": "WARNING"}, "uvicorn.access": {"level": "WARNING"}},
}
