"""django-oscar with the settings of its sandbox, where they bear on a page: all its apps, its
middleware, Whoosh behind its search. 24 goods a page, as ours."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from oscar import INSTALLED_APPS as APPS
from oscar.defaults import *  # noqa: F403 - as its documentation asks

FOLDER = Path(os.environ["OSCAR_FOLDER"])
"""Where it may write: the search index, pictures of its own."""
DATABASE = urlsplit(os.environ["OSCAR_DATABASE_URL"])
SECRET_KEY = "of-no-use"  # noqa: S105 - nothing of it is shown to anybody
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.shop.oscar.urls"
SITE_ID = 1
LANGUAGE_CODE = "zh-cn"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
STATIC_URL, MEDIA_URL, MEDIA_ROOT = "/static/", "/media/", FOLDER / "media"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE.path.removeprefix("/"),
        "USER": DATABASE.username,
        "PASSWORD": unquote(DATABASE.password or ""),
        "HOST": DATABASE.hostname,
        "PORT": DATABASE.port,
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
    }
}
HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
        "PATH": str(FOLDER / "index"),
        "INCLUDE_SPELLING": True,
    }
}
OSCAR_PRODUCTS_PER_PAGE = 24
OSCAR_DEFAULT_CURRENCY = "CNY"
OSCAR_SEND_REGISTRATION_EMAIL = False
AUTHENTICATION_BACKENDS = (
    "oscar.apps.customer.auth_backends.EmailBackend",
    "django.contrib.auth.backends.ModelBackend",
)
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.search.context_processors.search_form",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.apps.communication.notifications.context_processors.notifications",
                "oscar.core.context_processors.metadata",
            ],
        },
    }
]
INSTALLED_APPS = [*APPS, "sorl.thumbnail"]
