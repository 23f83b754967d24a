"""All settings. The environment is the only source; with nothing set, all runs embedded in var/."""

from datetime import timedelta
from pathlib import Path

import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from o2c import environment
from o2c.embedded import Cluster

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(environment.text("O2C_VAR", str(BASE_DIR / "var")))

# --- what kind of installation this is -----------------------------------------------------------
DEBUG = environment.flag("DEBUG")
SECRET_KEY = environment.text("SECRET_KEY") or environment.kept_secret(VAR / "secret_key")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
HTTPS = environment.flag("HTTPS")
PROXIES = environment.number("PROXIES", 0)  # of our own, in front: their headers are believed
PUBLIC_URL = environment.text("PUBLIC_URL", "http://localhost:8000")
IS_EMBEDDED = not environment.text("DATABASE_URL")
DEMO = environment.flag("O2C_DEMO", default=IS_EMBEDDED)
# Only a demo may live on another day than today.
CLOCK_SHIFT = timedelta(seconds=environment.number("O2C_CLOCK_SHIFT", 0) if DEMO else 0)
SECOND_FACTOR_REQUIRED = not DEMO  # of those in finance and administration

# --- apps, from the floor up ---------------------------------------------------------------------
OWN_APPS = [
    "core",
    "users",
    "partners",
    "catalog",
    "ledger",
    "documents",
    "inventory",
    "orders",
    "invoicing",
    "payments",
    "dunning",
    "analytics",
    "o2c",
]

INSTALLED_APPS = [
    *OWN_APPS,
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "crispy_forms",
    "csp",
    "django_celery_beat",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "pghistory",
    "pgtrigger",
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
    "core.sessions.SessionLimits",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.ReadersLanguage",
    "core.middleware.DeedRequests",
    "pghistory.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "o2c.urls"
WSGI_APPLICATION = "o2c.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "o2c.context.house",
            ]
        },
    }
]
FORM_RENDERER = "core.forms.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "o2c"  # templates/o2c, in our own look
DJANGO_TABLES2_TEMPLATE = "django_tables2/bootstrap5.html"

# --- database: the application's role has fewer rights than the owner who migrates --------------
EMBEDDED = Cluster(VAR)
AS_OWNER = environment.flag("O2C_AS_OWNER")
STATEMENT_TIMEOUT_MS = environment.number("O2C_STATEMENT_TIMEOUT_MS", 600_000)  # of jobs

_session: dict[str, str | int] = {
    "lock_timeout": 3_000,
    "statement_timeout": 0 if AS_OWNER else STATEMENT_TIMEOUT_MS,
    "idle_in_transaction_session_timeout": 30_000,
    "jit": "off",
}
_application = environment.database("DATABASE", EMBEDDED.database_url("o2c"), _session)
_owner = _application
if IS_EMBEDDED or environment.text("DATABASE_OWNER_URL"):
    _owner = environment.database("DATABASE_OWNER", EMBEDDED.database_url("o2c_owner"), _session)
DATABASES = {
    "default": {
        **(_owner if AS_OWNER else _application),
        **({"ENGINE": "o2c.postgres"} if IS_EMBEDDED else {}),
        "CONN_MAX_AGE": environment.number("O2C_CONN_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": environment.flag("O2C_PGBOUNCER"),
    }
}
APPLICATION_ROLE = _application["USER"]  # whom migrations deny to change journals and events
CACHES = {  # in the database: every process sees it and it needs no further server
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "o2c_cache"}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
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
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "none"  # an admin of the company enters the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # who is not known gets no mail: there is no signing up
ACCOUNT_ADAPTER = "o2c.accounts.Accounts"
ACCOUNT_FORMS = {"login": "o2c.accounts.SignInForm"}
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "O2C"
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
# axes locks out an account at one address; these limits hold for many addresses or accounts.
ACCOUNT_RATE_LIMITS = {"login_failed": "100/h/ip,50/h/key"}
AXES_CLIENT_IP_CALLABLE = "o2c.accounts.address_of"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_RESET_ON_SUCCESS = True

# --- languages and formats -----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]  # of the screens
DOCUMENT_LANGUAGES = [("en", _("English")), ("de", _("German"))]  # of what customers read
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

# --- static files, from node_modules as they are -------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = environment.text("STATIC_ROOT") or None
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/tabler/css", BASE_DIR / "node_modules/@tabler/core/dist/css"),
    ("vendor/tabler/img", BASE_DIR / "node_modules/@tabler/core/dist/img"),
    ("vendor/tabler/js", BASE_DIR / "node_modules/@tabler/core/dist/js"),
    ("vendor/htmx", BASE_DIR / "node_modules/htmx.org/dist"),
    ("vendor/echarts", BASE_DIR / "node_modules/echarts/dist"),
]
ICONS = BASE_DIR / "node_modules/@tabler/icons/icons"  # SVG files that templates put in the page
# A server collects its static files once, under hashed names; the embedded default need not.
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", *Compressor.SKIP_COMPRESS_EXTENSIONS]
MEDIA_ROOT = environment.text("MEDIA_ROOT", str(VAR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- mail ----------------------------------------------------------------------------------------
EMAIL_HOST = environment.text("EMAIL_HOST")
EMAIL_PORT = environment.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "o2c@localhost")
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_BACKEND = "django.core.mail.backends." + (
    "smtp.EmailBackend" if EMAIL_HOST else "filebased.EmailBackend"
)

# --- security ------------------------------------------------------------------------------------
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day, whatever happens
SESSION_IDLE_SECONDS = 60 * environment.number("O2C_IDLE_MINUTES", 12 * 60 if DEMO else 30)
CSRF_COOKIE_HTTPONLY = True  # forms carry the token; no script reads it
if HTTPS:  # cookies that no other host or path can set
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
# Hard to take back, and the business of whoever owns all hosts below the name.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS and environment.flag("HSTS_SUBDOMAINS")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a grid of a thousand lines
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],  # Tabler's style sheet carries its small pictures as data
        "object-src": [NONE],
    }
}

# --- work behind the scenes ----------------------------------------------------------------------
DOORBELL = environment.flag("O2C_DOORBELL", default=True)  # off: follow-ups wait for the sweep
LONGEST_TASK_SECONDS = 60 * 60
CELERY_BROKER_URL = environment.text("REDIS_URL") or EMBEDDED.redis_url
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": LONGEST_TASK_SECONDS + 600,  # a task that outlives it would run twice
    "unacked_restore_interval": 2,  # a killed worker's task comes back within seconds
    "unacked_restore_throttle": 1,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = LONGEST_TASK_SECONDS
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
_each_minute = {"schedule": timedelta(minutes=1), "options": {"expires": 55}}  # no backlog
CELERY_BEAT_SCHEDULE = {
    "work off follow-ups": {"task": "core.tasks.work_off_follow_ups", **_each_minute},
    "refresh the totals of the books": {"task": "ledger.tasks.refresh_totals", **_each_minute},
    "send and render what was left": {"task": "documents.tasks.sweep", **_each_minute},
    "prove the books": {
        "task": "analytics.tasks.prove_books_nightly",
        "schedule": crontab(hour=2, minute=30),
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": environment.text("LOG_LEVEL", "WARNING")},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
