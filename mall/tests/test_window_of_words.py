"""Words of search that operators change are known to strangers at once, whatever copies there
were (C-53, C-54)."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import SearchBan, SearchSynonym
from mall import shopwindow
from mall.kernel import clock
from mall.storefront.shutter import GLANCE
from mall.storefront.tests.shop import make_goods
from members.testing import make_operator
from promotions.models import HotWord

pytestmark = pytest.mark.django_db
HOT = "/api/v1/catalog/hot-words/"


@pytest.fixture(autouse=True)
def window(monkeypatch):
    """The cache as production has it, empty."""
    monkeypatch.setattr(shopwindow, "LIFE_SECONDS", 60)
    shopwindow.KEEPER.forget_near()
    GLANCE.forget()


@pytest.fixture
def desk(client):
    client.force_login(make_operator(is_superuser=True), backend="members.backends.AccountBackend")
    return client


@pytest.fixture
def save(desk, monkeypatch, django_capture_on_commit_callbacks):
    """An operator saves something; a stranger looks 0.9 seconds later."""

    def deed(name, data, *args):
        with django_capture_on_commit_callbacks(execute=True):
            answer = desk.post(reverse(f"admin:catalog_{name}", args=args), data)
        assert answer.status_code == 302
        later = clock.now() + timedelta(seconds=0.9)
        monkeypatch.setattr(clock, "now", lambda: later)
        shopwindow.KEEPER.forget_near()

    return deed


def names(q: str) -> list[str]:
    found = Client().get("/api/v1/catalog/products/", {"q": q}).json()["results"]
    page = Client().get(f"/search/?q={quote(q)}").content.decode()
    assert all(f"/product/{card['id']}/" in page for card in found)
    return [card["name"] for card in found]


def test_C_54_strangers_find_by_a_synonym_within_a_second_and_without_it_no_more(save):
    make_goods("一次性暖贴")
    assert names("暖宝宝") == []

    save("searchsynonym_add", {"words": "暖宝宝 暖贴", "is_active": "on"})
    assert names("暖宝宝") == ["一次性暖贴"]

    group = SearchSynonym.objects.get()
    save("searchsynonym_change", {"words": group.words}, group.pk)
    assert names("暖宝宝") == []

    save("searchsynonym_change", {"words": group.words, "is_active": "on"}, group.pk)
    assert names("暖宝宝") == ["一次性暖贴"]
    save("searchsynonym_delete", {"post": "yes"}, group.pk)
    assert names("暖宝宝") == []


def test_C_53_a_banned_word_leaves_every_page_within_a_second_and_may_come_back(save):
    make_goods("茶壶")
    HotWord.objects.create(word_zh="坏词", word_en="bad word")

    def hot():
        page = Client().get("/categories/").content.decode()
        words = [row["word"] for row in Client().get(HOT).json()["results"]]
        assert ("坏词" in page) is ("坏词" in words)
        return words

    assert hot() == ["坏词"]
    save("searchban_add", {"word": "坏词"})
    assert hot() == []
    save("searchban_delete", {"post": "yes"}, SearchBan.objects.get().pk)
    assert hot() == ["坏词"]
