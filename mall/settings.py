"""Settings of the mall. Every one that a site may change is an environment variable
(docs/configuration.md).

Safe production is the default; MALL_DEMO=1 (set by ``make run`` and the tests) makes a demo out of
it.
Values that an operator tunes are rows in the database, not settings.
"""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from mall import carriers, env, logs, payments, risk
from mall.api.enum_names import ENUM_NAMES
from mall.console.theme import UNFOLD as UNFOLD
from mall.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What this process is -----------------------------------------------------
DEMO = env.flag("MALL_DEMO")
DEBUG = False
VAR_DIR = Path(env.text("MALL_VAR", str(BASE_DIR / "var")))
DEMO_SECRET = "demo-only-secret-key-never-for-production-0123456789"  # noqa: S105 - refused below
SECRET_KEY = env.text("SECRET_KEY", DEMO_SECRET if DEMO else "")
if not DEMO and (len(SECRET_KEY) < 50 or SECRET_KEY == DEMO_SECRET):
    raise ImproperlyConfigured("SECRET_KEY must be set to at least 50 random characters")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000" if DEMO else "")
if not SITE_URL:
    raise ImproperlyConfigured("SITE_URL must be set, such as https://mall.example.cn")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver" if DEMO else "")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must be set, such as mall.example.cn")

# --- Applications -------------------------------------------------------------
INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "mall.console.apps.ConsoleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "axes",
    "csp",
    "mall.kernel",
    "members",
    "catalog",
    "inventory",
    "promotions",
    "orders",
    "analytics",
    "mall.console",
    "mall.storefront",
    "mall.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "mall.shopwindow.ShopWindowMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "mall.console.middleware.AdminPolicyMiddleware",
    "mall.requestlog.RequestLogMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "mall.storefront.csrf.OriginCsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mall.console.language.OperatorLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "mall.storefront.middleware.ShopErrorMiddleware",
]
ROOT_URLCONF = "mall.urls"
WSGI_APPLICATION = "mall.wsgi.application"
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
                "django.template.context_processors.i18n",
                "mall.storefront.context.shop",
            ],
        },
    },
]

# --- PostgreSQL, the only truth -----------------------------------------------
DATABASE_URL = env.text("DATABASE_URL", "postgres://mall@127.0.0.1:5432/mall" if DEMO else "")
if not DATABASE_URL:
    raise ImproperlyConfigured(
        "DATABASE_URL must be set, such as postgres://user:password@host:5432/mall"
    )
SESSION_OPTIONS = (
    f"-c statement_timeout={env.number('DB_STATEMENT_TIMEOUT_MS', 15_000)}"
    f" -c lock_timeout={env.number('DB_LOCK_TIMEOUT_MS', 3_000)}"
    f" -c idle_in_transaction_session_timeout={env.number('DB_IDLE_TIMEOUT_MS', 15_000)}"
)

DATABASES = {"default": env.database(DATABASE_URL, session_options=SESSION_OPTIONS)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: cache and broker, losing it loses nothing -------------------------
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHE_URL = env.text("CACHE_URL", REDIS_URL)
CACHES = {
    "default": {
        "BACKEND": "mall.kernel.db.cache.ForgivingRedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "mall",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1, "health_check_interval": 30},
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Celery -------------------------------------------------------------------
VISIBILITY = {"visibility_timeout": 300, "socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = VISIBILITY
CELERY_VISIBILITY_TIMEOUT = 300
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ACKS_ON_FAILURE_OR_TIMEOUT = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 280
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = SCHEDULE

# --- Who may come in ----------------------------------------------------------
AUTH_USER_MODEL = "members.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "members.backends.AccountBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "storefront:login"
LOGIN_REDIRECT_URL = "admin:index"  # only the operators' door uses it
AXES_VERBOSE = False  # no banner at every start
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_DISABLE_ACCESS_LOG = True
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_LOCKOUT_CALLABLE = "mall.console.lockout.locked_out"
AXES_ENABLE_ADMIN = False  # mall/console/admin has its own screen
AXES_CLIENT_IP_CALLABLE = "mall.kernel.client_ip.client_ip"
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0 if DEMO else 1)

# --- HTTPS and headers --------------------------------------------------------
HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "mall.storefront.errors.csrf_failure"
SILENCED_SYSTEM_CHECKS = ["security.W003"]  # OriginCsrfMiddleware is Django's, by another name
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
# Two pages of others need more, each only what it needs (mall/console/middleware.py): the admin
# theme evaluates its attributes and sets inline styles, the API's documentation has inline scripts.
_POLICY = CONTENT_SECURITY_POLICY["DIRECTIVES"]
ADMIN_CONTENT_SECURITY_POLICY = {
    **_POLICY,
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
}
DOCS_CONTENT_SECURITY_POLICY = {
    **_POLICY,
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

# --- REST ---------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["mall.api.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["mall.api.parsers.BoundedJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "mall.api.problems.handle",
    "DEFAULT_THROTTLE_RATES": {
        "browse": "1200/min",
        "write": "240/min",
        "order": "60/min",
        "login": "20/min",
        "sms": "10/min",
        "notice": "1200/min",
    },
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=30),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=30),
    "AUDIENCE": "mall",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Mall API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
}

# --- Words and time -----------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "mall.formats"
TIME_ZONE = "Asia/Shanghai"

# --- Files --------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(VAR_DIR / "media")))
WHITENOISE_USE_FINDERS = DEMO
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- The outside world --------------------------------------------------------
MALL_CHANNELS = {
    "sms": env.text(
        "SMS_BACKEND",
        "members.sandbox.keep_sms" if DEMO else "mall.kernel.notify.channels.log_only",
    ),
    "email": env.text("EMAIL_CHANNEL", "mall.kernel.notify.channels.email"),
    "wechat": env.text("WECHAT_CHANNEL", "mall.kernel.notify.channels.log_only"),
}
WECHAT_CLIENT = "members.sandbox.DemoWechatClient" if DEMO else "members.wechat.MiniProgramClient"
WECHAT_APPID, WECHAT_SECRET = env.text("WECHAT_APPID"), env.text("WECHAT_SECRET")
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "mall@example.com")
PAYMENT_PROVIDERS = env.words("PAYMENT_PROVIDERS", "sandbox,wallet" if DEMO else "")
PAYMENT_CHANNELS = payments.channels()
CARRIER_CHANNELS = carriers.channels()
RISK_SERVICE = risk.service()
SANDBOX_KEY_DIR = VAR_DIR / "sandbox"

# --- Logs ---------------------------------------------------------------------
LOG_LEVEL = env.text("LOG_LEVEL", "INFO")
LOGGING = logs.configure(level=LOG_LEVEL, as_json=not DEMO)
