"""Shared copies of goods with every worker stopped: a change of fifty at once, prices that begin
and end on every page, and nothing of a member in any copy (docs/caching.md)."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from catalog.services import drop_favourite, keep_favourite, set_sku_prices
from catalog.testing import make_category, make_freight_template
from mall import shopwindow
from mall.api.testing import ApiClient
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.shutter import GLANCE
from mall.storefront.tests.shop import make_goods, make_shopper, make_words, signed_in
from members.testing import PASSWORD
from orders.services import CartOwner, add_line, refresh_shelf
from promotions.testing import make_grant, make_sale

pytestmark = pytest.mark.django_db
LIST = "/api/v1/catalog/products/"


@pytest.fixture(autouse=True)
def window(monkeypatch):
    """The cache as production has it, empty."""
    monkeypatch.setattr(shopwindow, "LIFE_SECONDS", 60)
    shopwindow.KEEPER.forget_near()
    GLANCE.forget()


def move_to(monkeypatch, at) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    shopwindow.KEEPER.forget_near()


def shown_on(path: str) -> str:
    page = Client().get(path)
    assert page.status_code == 200, path
    return page.content.decode()


def tag(fen: int) -> str:
    """How a page writes a price."""
    return f"<i>¥</i>{fen // 100}<"


def test_fifty_changed_products_show_within_a_second_and_no_worker_runs(
    monkeypatch, django_capture_on_commit_callbacks
):
    category, template = make_category(), make_freight_template()
    kind = {"category": category, "freight_template": template}
    goods = [make_goods(f"耳机{n}", price_fen=11_100, **kind) for n in range(50)]
    cards = f"{LIST}?category={category.slug}&page_size=100"
    paths = [
        "/",
        f"/category/{category.slug}/",
        f"/search/?q={quote('耳机')}",
        f"/product/{goods[0].pk}/",
        f"/en/product/{goods[49].pk}/",
    ]
    now = clock.now()
    move_to(monkeypatch, now)
    assert all(tag(11_100) in shown_on(path) for path in paths)
    assert {card["price_fen"] for card in Client().get(cards).json()["results"]} == {11_100}

    prices = {product.skus.get().pk: (12_200, 12_200) for product in goods}
    with django_capture_on_commit_callbacks(execute=True):
        set_sku_prices(prices=prices, at=now)
    move_to(monkeypatch, now + timedelta(seconds=0.9))

    changed = [card["price_fen"] for card in Client().get(cards).json()["results"]]
    assert changed == [12_200] * 50
    for path in paths:
        text = shown_on(path)
        assert (tag(12_200) in text, tag(11_100) in text) == (True, False), path


def test_a_price_begins_and_ends_on_every_page_on_time_and_no_worker_runs(monkeypatch):
    product = make_goods("耳机", price_fen=77_700)
    now = clock.now()
    starts_at, ends_at = now + timedelta(seconds=20), now + timedelta(seconds=40)
    make_sale(prices={product.skus.get().pk: 33_300}, starts_at=starts_at, ends_at=ends_at)
    refresh_shelf(now, [product.pk])
    paths = [
        "/",
        f"/category/{product.category.slug}/",
        f"/search/?q={quote('耳机')}",
        f"/product/{product.pk}/",
        f"/en/product/{product.pk}/",
    ]
    just_before = timedelta(milliseconds=1)

    for at, is_reduced in (
        (now, False),
        (starts_at - just_before, False),
        (starts_at, True),
        (ends_at - just_before, True),
        (ends_at, False),
    ):
        move_to(monkeypatch, at)
        for path in paths:
            page = Client().get(path)
            text = page.content.decode()
            assert (tag(33_300) in text) is is_reduced, (path, at - now)
            assert page["Cache-Control"] in ("public, max-age=0", "public, max-age=1")
        (card,) = Client().get(LIST).json()["results"]
        assert card["price_fen"] == (33_300 if is_reduced else 77_700), at - now


def test_no_copy_holds_a_nonce_a_token_or_a_fact_of_a_member_who_looked_first():
    make_words()
    product = make_goods("耳机")
    member = make_shopper(nickname="阿青", tier="gold", phone="13912345678")
    make_grant(member=member, at=clock.now())
    owner = CartOwner(member_id=member.pk)
    add_line(owner=owner, sku_id=product.skus.get().pk, quantity=7, at=clock.now())
    paths = [
        *("/", "/en/", "/categories/", "/topics/", "/search/", f"/search/?q={quote('耳机')}"),
        *(f"/category/{product.category.slug}/", f"/product/{product.pk}/", "/help/returns/"),
        *("/api/v1/catalog/home/", "/api/v1/catalog/categories/", LIST, f"{LIST}{product.pk}/"),
    ]
    keep_favourite(account=make_shopper().account, product_id=product.pk, at=clock.now())  # counted
    strangers = {path: Client().get(path).content for path in paths}
    cache.clear()
    shopwindow.KEEPER.forget_near()

    browser, caller = signed_in(member), ApiClient.of(member)
    browser.post(reverse("storefront:favourite", args=[product.pk]))
    for path in paths:
        own = caller.get_json(path.removeprefix("/api/v1/")) if "api" in path else browser.get(path)
        assert own.status_code == 200, path

    for path in paths:
        page = Client().get(path)
        text = page.content.decode()
        secret = ("阿青", "13912345678", "139****5678", PASSWORD, "csrfmiddlewaretoken", "nonce")
        assert [word for word in secret if word in text] == [], path
        assert set(page.cookies) <= {"welcome"}, path
        assert len(page.content) == pytest.approx(len(strangers[path]), abs=40), path


def test_C_07_who_keeps_a_product_in_mind_is_counted_for_everybody_within_a_second(
    monkeypatch, django_capture_on_commit_callbacks
):
    goods, member, now = make_goods("耳机"), make_shopper(), clock.now()
    paths = [f"/product/{goods.pk}/", f"/en/product/{goods.pk}/"]
    answer = f"/api/v1/catalog/products/{goods.pk}/"

    def counted(seconds):
        move_to(monkeypatch, now + timedelta(seconds=seconds))
        hearts = [shown_on(path).count('<span class="num">1</span></button>') for path in paths]
        return (*hearts, Client().get(answer).json()["favourites_count"])

    before, listed = counted(0), Client().get(LIST).content
    with django_capture_on_commit_callbacks(execute=True):
        keep_favourite(account=member.account, product_id=goods.pk, at=clock.now())
    kept = counted(1)
    with count_queries(at_most=0):
        assert Client().get(LIST).content == listed
    with django_capture_on_commit_callbacks(execute=True):
        drop_favourite(account=member.account, product_id=goods.pk)

    assert (before, kept, counted(2)) == ((0, 0, 0), (2, 2, 1), (0, 0, 0))
