"""All settings, from the environment, with defaults that suit one small server.

SOPAN_DATA     folder of the database, files and keys (default: ./data)
DATABASE_URL   postgres://… for more machines (default: SQLite in the data folder)
SOPAN_URL      public address, printed into QR codes and mails (default: http://127.0.0.1:PORT)
SOPAN_DEMO     1: demo body and the log-in chooser
SOPAN_SECOND_FACTOR  signers | off (default: signers; off in a demo, and only there)
SOPAN_DEBUG    1: tracebacks in the browser, for development alone
SECRET_KEY     default: a random key kept in the data folder
EMAIL_URL      smtp://… (default: mails are written as files to the data folder)
SOPAN_ESIGN_URL, SOPAN_ESIGN_USER, SOPAN_ESIGN_PASSWORD  the BSrE Esign service; SOPAN_ESIGN_CA: its root certificates
SOPAN_ESIGN_FROM_TOP  1 or 0: whether it counts the place of the visible block from the top (default: 0 in v1, 1 in v2)
SOPAN_TSA_URL, SOPAN_TSA_USER, SOPAN_TSA_PASSWORD, SOPAN_TSA_CA  the time stamp authority (RFC 3161); "demo": a local one
SOPAN_CRL_URLS addresses of lists of revoked certificates, with commas between them
SOPAN_PROXY    1: behind a proxy that sets X-Forwarded-Proto and X-Forwarded-For
"""

import secrets
import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules

DATA_DIR = Path(env.str("SOPAN_DATA", default=str(BASE_DIR / "data"))).resolve()
DEBUG = env.bool("SOPAN_DEBUG", default=False)
DEMO = env.bool("SOPAN_DEMO", default=False)
PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SOPAN_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
PROCEDURES_DIR = Path(env.str("SOPAN_PROCEDURES", default=str(BASE_DIR / "procedures")))
DCC_SCHEMAS = env.str("SOPAN_DCC_SCHEMAS", default="")  # folder of the XML schema of digital certificates


def _kept_secret(name: str) -> str:
    """A random secret, made once and kept in the data folder, readable by the owner alone."""
    path = DATA_DIR / name
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or ("for tests alone" if TESTING else _kept_secret("secret.key"))
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", SITE_URL.split("://")[1].split(":")[0]]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "sopan.people",
    "sopan.ui",
    "sopan.catalogue",
    "sopan.engine",
    "sopan.documents",
    "sopan.domains.orders",
    "sopan.domains.laboratory",
    "sopan.domains.testing",
    "sopan.web",
    "sopan.demo",
]

MIDDLEWARE = [
    # First what protects the browser: answers that a later one gives early, as to a foreign host, must have it too.
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "sopan.ui.troubles.SizeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sopan.people.middleware.BodyMiddleware",
    "sopan.people.second_factor.SecondFactorMiddleware",
    "sopan.ui.unsent.UnsentMiddleware",
]
CSRF_FAILURE_VIEW = "sopan.ui.troubles.old_form"

ROOT_URLCONF = "sopan.urls"
WSGI_APPLICATION = "sopan.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "sopan/ui/templates"],  # before the applications, so that our log-in pages win
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sopan.ui.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "sopan.ui.templatetags.ui"],
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'sopan.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"] |= {
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",  # a read that turns into a write would otherwise fail at once
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
            "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=-16000;",
        },
    }
else:
    DATABASES["default"] |= {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,  # the worker and the web processes outlive a restart of the database
        "OPTIONS": DATABASES["default"].get("OPTIONS", {}) | {"prepare_threshold": 5, "server_side_binding": True},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits are counted here: they must hold over all processes.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher" if TESTING else "django.contrib.auth.hashers.Argon2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "sopan.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # a person of the body activates each account instead
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/5m/key", "reset_password": "10/m/ip,3/h/key"}
# Of our own pages that are open to everybody, and of secrets that could be guessed: see people.limits.
RATE_LIMITS = {
    "register": "20/h/ip",
    "invite": "20/h/user",
    "passphrase": "5/15m/key",
    "verify_upload": "20/m/ip",
    "verify_unknown": "60/m/ip",
    "tracking": "60/m/ip",
    "complaint": "20/h/ip",
    "signing_key": "10/h/user",
    "demo_login": "60/m/ip",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "sopan.people.adapter.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Sopan"
# "signers": whoever signs or manages accounts. "off" is for a demo alone, whose passwords are public.
SECOND_FACTOR = env.str("SOPAN_SECOND_FACTOR", default="off" if DEMO else "signers")

# Signing services. What is secret comes from the environment alone.
ESIGN_URL = env.str("SOPAN_ESIGN_URL", default="").rstrip("/")
ESIGN_USER = env.str("SOPAN_ESIGN_USER", default="")
ESIGN_PASSWORD = env.str("SOPAN_ESIGN_PASSWORD", default="")
ESIGN_CA = env.str("SOPAN_ESIGN_CA", default="")
ESIGN_FROM_TOP = env.bool("SOPAN_ESIGN_FROM_TOP", default=None)
TSA_URL = env.str("SOPAN_TSA_URL", default="")
TSA_USER = env.str("SOPAN_TSA_USER", default="")
TSA_PASSWORD = env.str("SOPAN_TSA_PASSWORD", default="")
TSA_CA = env.str("SOPAN_TSA_CA", default="")
CRL_URLS = env.list("SOPAN_CRL_URLS", default=[])

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "sopan/locale"]
FORMAT_MODULE_PATH = ["sopan.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"  # of the machine; each institution has its own
USE_THOUSAND_SEPARATOR = False  # formats are filters: ids must stay ids

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "sopan.ui.hashing.HashedFiles"
    },
}
MEDIA_ROOT = DATA_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # of a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
UPLOAD_MAX_BYTES = 10 * 1024 * 1024
REQUEST_MAX_BYTES = DATA_UPLOAD_MAX_NUMBER_FILES * UPLOAD_MAX_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE

if url := env.str("EMAIL_URL", default=""):
    vars().update(env.email_url_config(url))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("SOPAN_MAIL_FROM", default="layanan@sopan.example")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
SECURE_PROXY = env.bool("SOPAN_PROXY", default=False)
HTTPS = SITE_URL.startswith("https://")
ALLAUTH_TRUSTED_PROXY_COUNT = int(SECURE_PROXY)  # whose X-Forwarded-For names the client that is rate-limited
if SECURE_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_AGE = 12 * 3600
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "sopan": {"level": "INFO"},
        # pyHanko logs a traceback for a wrong passphrase, which is an ordinary event here.
        "pyhanko.sign.signers": {"level": "CRITICAL"},
        # Nor does a changed copy deserve a traceback.
        "pyhanko.sign.diff_analysis": {"level": "CRITICAL"},
        "pyhanko.sign.validation": {"level": "CRITICAL"},
        "fontTools": {"level": "WARNING"},
    },
}
