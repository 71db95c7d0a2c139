"""What a shopper sees when a bug of ours ended their request: our own page, and nothing of the bug.

No test here may use the database, and every cache is away: the page needs neither.
"""

import re

import pytest
from django.test import Client, RequestFactory, override_settings
from django.utils import translation

from mall import errors
from mall.storefront.views import stores

SECRET = "column secret_of_the_house does not exist"
AWAY = "redis://127.0.0.1:1/0"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": AWAY}}
TONGUES = [
    ("/stores/", "zh-Hans", "摊主在修招牌", "/"),
    ("/en/stores/", "en", "The stallholder is mending the sign", "/en/"),
]


def broken(*_args, **_kwargs):
    raise RuntimeError(SECRET)


@pytest.fixture
def visitor(monkeypatch):
    """Somebody who opens a page with a bug in it."""
    monkeypatch.setattr(stores, "stores_near", broken)
    monkeypatch.setattr("mall.api.stores.stores_near", broken)
    monkeypatch.setattr("mall.storefront.middleware.closed", lambda request: None)
    with override_settings(CACHES=CACHES):
        yield Client(raise_request_exception=False)


@pytest.mark.parametrize(("path", "lang", "title", "home"), TONGUES)
def test_a_bug_is_answered_by_our_own_page_in_the_readers_language(
    visitor, path, lang, title, home
):
    page = visitor.get(path)
    text = page.content.decode()

    assert page.status_code == 500
    assert f'<html lang="{lang}"' in text
    assert text.count(title) == 2
    assert text.count(f'href="{home}"') == 2
    assert re.search(r'class="num">[0-9a-f-]{32,36}</span>', text)
    assert not re.search(rf"{SECRET}|RuntimeError|Traceback|stores_near", text)


@pytest.mark.parametrize(("path", "lang", "title", "home"), TONGUES)
def test_it_speaks_the_language_of_its_address_whoever_was_served_before(path, lang, title, home):
    """A bug outside the middleware of languages finds the thread in that of the last visitor."""
    request = RequestFactory().get(path)
    with translation.override("en" if lang != "en" else "zh-hans"):
        for answer, status in ((errors.crashed(request), 500), (errors._away(request), 503)):
            assert answer.status_code == status
            assert f'<html lang="{lang}"' in answer.content.decode()
    assert title in errors.crashed(request).content.decode()


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("zh-hans", "我们这边出了点问题，没有扣款。"),
        ("en", "Something broke on our side. Nothing was charged."),
    ],
)
def test_an_app_is_told_by_problem_json_and_hears_nothing_of_the_bug(visitor, language, title):
    answer = visitor.get("/api/v1/stores/", headers={"Accept-Language": language})
    told = answer.json()

    assert answer.status_code == told["status"] == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert (told["code"], told["title"]) == ("kernel.crashed", title)
    assert len(told["trace_id"]) >= 32
    assert SECRET not in answer.content.decode()
