"""The shop window: one making serves all strangers, nothing of one visitor is in it, nothing old is
shown (docs/caching.md)."""

import gzip
import inspect
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from catalog.selectors import filters as catalog_filters
from catalog.services import save_product
from catalog.testing import make_category
from mall import shopwindow
from mall.kernel import clock
from mall.kernel.db import cache as redis_cache
from mall.kernel.testing.queries import count_queries
from mall.storefront import facets, goods, picker
from mall.storefront.caching import ADDRESSES, PAGES
from mall.storefront.tests.shop import make_goods, make_shopper, make_words, signed_in
from mall.storefront.views import listing
from mall.storefront.views import product as product_view
from mall.storefront.views import search as search_view
from mall.storefront.welcome import WELCOME_COOKIE
from orders.services import refresh_shelf
from promotions.testing import make_sale

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def window(monkeypatch):
    """The cache as production has it, empty."""
    monkeypatch.setattr(shopwindow, "LIFE_SECONDS", 60)
    shopwindow.KEEPER.forget_near()
    shopwindow.GLANCE.forget()


def pages(product) -> list[str]:
    """One of every kind that is shared."""
    category = product.category.slug
    return [
        "/",
        "/en/",
        "/categories/",
        f"/category/{category}/",
        f"/category/{category}/?ordering=price",
        f"/product/{product.pk}/",
        f"/en/product/{product.pk}/",
        f"/search/?q={quote('耳机')}",
        "/help/returns/",
    ]


def answers(product) -> list[str]:
    return [
        "/api/v1/catalog/home/",
        "/api/v1/catalog/categories/",
        "/api/v1/catalog/products/",
        f"/api/v1/catalog/products/?category={product.category.slug}&page_size=24",
        f"/api/v1/catalog/products/{product.pk}/",
    ]


def test_the_second_stranger_costs_no_statement_and_no_session():
    make_words()
    product = make_goods("头戴式降噪耳机")
    paths = pages(product) + answers(product)
    first = {path: Client().get(path) for path in paths}

    with count_queries(at_most=0):
        second = {path: Client().get(path) for path in paths}

    for path in paths:
        assert first[path].status_code == 200, path
        assert second[path].content == first[path].content, path
        assert "Server-Timing" in second[path], path
        assert "sessionid" not in second[path].cookies, path


def test_what_is_shared_holds_no_token_no_nonce_and_no_member():
    make_words()
    product = make_goods("头戴式降噪耳机")

    for path in pages(product):
        page = Client().get(path)
        assert re.findall(rb"csrfmiddlewaretoken|nonce", page.content) == [], path
        assert "nonce" not in page["Content-Security-Policy"], path
        assert "csrftoken" not in page.cookies, path


def test_members_are_shown_pages_of_their_own_and_leave_nothing_behind():
    product = make_goods("头戴式降噪耳机")
    member = make_shopper(nickname="阿青")
    path = f"/product/{product.pk}/"

    own = signed_in(member).get(path)
    shared = Client().get(path)

    assert "阿青" in own.content.decode()
    assert b"csrfmiddlewaretoken" in own.content
    assert own["Cache-Control"] == "private, no-cache"
    assert "阿青" not in shared.content.decode()
    assert all("Cookie" in page["Vary"] for page in (own, shared))


def test_a_guest_with_a_cart_sees_its_count_on_the_shared_page_for_one_statement():
    product = make_goods("头戴式降噪耳机")
    path, guest = f"/en/product/{product.pk}/", Client(HTTP_ORIGIN="http://testserver")
    sku = product.skus.get()
    guest.post("/cart/add/", {"sku_id": sku.pk, "quantity": "2", "then": "stay"})
    guest.get("/cart/")  # takes the message
    stranger = Client().get(path)

    with count_queries(at_most=1) as asked:
        page = guest.get(path)

    assert len(asked) == 1
    counts = re.findall(r'<span class="dot" id="cart-count" data-live>(\d+)', page.content.decode())
    assert counts == ["2"]
    assert page["Cache-Control"] == "private, no-cache"
    assert '<span class="dot" id="cart-count" data-live>0' in stranger.content.decode()
    assert Client().get(path).content == stranger.content


@pytest.mark.parametrize("origin", ["http://testserver", None, "http://evil.example", "null"])
def test_a_form_without_a_token_counts_only_from_a_page_of_this_shop(origin):
    product = make_goods()
    headers = {"HTTP_ORIGIN": origin} if origin else {}
    guest = Client(enforce_csrf_checks=True, **headers)
    form = {"sku_id": product.skus.get().pk, "quantity": "1", "then": "stay"}

    answer = guest.post("/cart/add/", form)

    assert answer.status_code == (302 if origin == "http://testserver" else 403)
    if answer.status_code == 403:
        assert b"csrfmiddlewaretoken" in guest.get(f"/product/{product.pk}/").content


def test_the_operators_desk_wants_the_token_whatever_the_origin():
    strict = Client(enforce_csrf_checks=True, HTTP_ORIGIN="http://testserver")

    answer = strict.post("/admin/login/", {"username": "admin", "password": "x"})

    assert answer.status_code == 403


def test_parameters_that_no_page_reads_change_nothing_and_are_kept_out():
    product = make_goods()
    path = f"/category/{product.category.slug}/"
    plain = Client().get(path)

    with count_queries(at_most=0):
        tagged = Client().get(f"{path}?utm_source=x&fbclid=secret-of-one&x[]=1")

    assert tagged.content == plain.content
    assert b"secret-of-one" not in tagged.content


def test_a_link_that_names_its_campaign_is_remembered_from_a_copy_too():
    make_goods()
    Client().get("/")

    page = Client().get("/?utm_campaign=autumn")

    assert page.cookies["journey"].value == "|autumn"
    assert page["Cache-Control"] == "private, no-cache"


def test_theme_and_region_have_copies_of_their_own():
    make_goods()
    dark = Client()
    dark.cookies["theme"] = "dark"

    assert 'data-theme="auto"' in Client().get("/").content.decode()
    assert 'data-theme="dark"' in dark.get("/").content.decode()
    assert 'data-theme="auto"' in Client().get("/").content.decode()


def test_forged_choices_are_no_choices():
    make_goods()
    plain = Client().get("/categories/")
    odd = Client()
    odd.cookies["theme"], odd.cookies["region"], odd.cookies["other"] = "<x>", "../", "1"

    with count_queries(at_most=0):
        assert odd.get("/categories/").content == plain.content


def test_an_answer_speaks_the_language_that_was_asked_for():
    product = make_goods("头戴式降噪耳机", title_en="Headphones")
    path = f"/api/v1/catalog/products/{product.pk}/"

    names = [
        Client().get(path, headers={"Accept-Language": language}).json()["name"]
        for language in ("zh-hans", "en", "zh-hans", "en")
    ]

    assert names == ["头戴式降噪耳机", "Headphones"] * 2


def test_what_is_known_already_is_not_sent_again():
    product = make_goods()
    path = f"/product/{product.pk}/"
    first = Client().get(path)

    again = Client().get(path, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "public, max-age=1"


def test_pressed_text_goes_to_those_who_read_it():
    product = make_goods()
    path = f"/product/{product.pk}/"
    plain = Client().get(path)

    pressed = Client().get(path, headers={"Accept-Encoding": "gzip, br"})

    assert gzip.decompress(pressed.content) == plain.content
    assert (pressed["Content-Encoding"], "Accept-Encoding" in pressed["Vary"]) == ("gzip", True)


def test_refusals_and_missing_pages_are_not_kept():
    make_goods()

    for path in ("/category/nowhere/", "/search/?ordering=secret", "/product/999999999/"):
        assert Client().get(path).status_code in (400, 404)
        assert "Server-Timing" not in Client().get(path)


def test_a_stranger_s_first_visit_gets_its_marks_from_a_copy_too(monkeypatch):
    make_goods()
    Client().get("/")

    with count_queries(at_most=0):
        page = Client().get("/")

    assert "Server-Timing" in page


def test_without_redis_every_page_is_made(monkeypatch):
    product = make_goods()
    monkeypatch.setattr(redis_cache.REST, "until", float("inf"))
    path = f"/product/{product.pk}/"

    for _n in range(2):
        with count_queries() as asked:
            assert Client().get(path).status_code == 200
        assert len(asked) > 0


def later(monkeypatch, seconds: float) -> None:
    """Let time pass for the cache and for everybody who asks the clock."""
    now = clock.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: now)
    shopwindow.KEEPER.forget_near()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def shown_on(path: str) -> str:
    return Client().get(path).content.decode()


def test_a_changed_product_shows_within_a_second_on_every_page_and_answer(monkeypatch, committed):
    product = make_goods("旧名耳机", category=make_category())
    paths = [
        "/",
        f"/category/{product.category.slug}/",
        f"/product/{product.pk}/",
        f"/api/v1/catalog/products/{product.pk}/",
        "/api/v1/catalog/products/",
    ]
    later(monkeypatch, 0)
    assert all("旧名耳机" in shown_on(path) for path in paths)

    with committed():
        save_product(product=product, values={"title_zh": "新名耳机"}, at=clock.now())
        refresh_shelf(clock.now(), [product.pk])
    later(monkeypatch, 0.9)

    for path in paths:
        assert "新名耳机" in shown_on(path), path


def test_a_change_that_nobody_told_shows_within_a_minute(monkeypatch):
    """All workers stopped, and the process that changed it died: the life of a copy is the end."""
    product = make_goods("旧名耳机")
    path = f"/product/{product.pk}/"
    later(monkeypatch, 0)
    shown_on(path)
    type(product).objects.filter(pk=product.pk).update(title_zh="新名耳机")
    later(monkeypatch, 50)
    assert "旧名耳机" in shown_on(path)

    later(monkeypatch, 10)

    assert "新名耳机" in shown_on(path)


def test_no_copy_and_no_max_age_reaches_past_the_end_of_a_price(monkeypatch):
    """A sale ends in 20 seconds: nobody refreshes anything, all workers are stopped."""
    product = make_goods(price_fen=10_000)
    ends_at = clock.now() + timedelta(seconds=20)
    make_sale(prices={product.skus.get().pk: 8_000}, ends_at=ends_at)
    refresh_shelf(clock.now(), [product.pk])
    path = f"/api/v1/catalog/products/{product.pk}/"
    assert Client().get(path).json()["price_fen"] == 8_000
    monkeypatch.setattr(clock, "now", lambda: ends_at - timedelta(seconds=0.3))
    shopwindow.KEEPER.forget_near()
    last = Client().get(path)

    monkeypatch.setattr(clock, "now", lambda: ends_at)

    assert (last.json()["price_fen"], last["Cache-Control"]) == (8_000, "public, max-age=0")
    assert Client().get(path).json()["price_fen"] == 10_000


def test_no_copy_reaches_past_the_beginning_of_a_price_of_goods_it_does_not_show(monkeypatch):
    cheap = make_goods("便宜", price_fen=1_000)
    other = make_goods("打折", price_fen=5_000)
    starts_at = clock.now() + timedelta(seconds=20)
    prices = {other.skus.get().pk: 500}
    make_sale(prices=prices, starts_at=starts_at, ends_at=starts_at + timedelta(days=1))
    refresh_shelf(clock.now(), [cheap.pk, other.pk])
    path = "/api/v1/catalog/products/?ordering=price&page_size=1"
    assert [card["id"] for card in Client().get(path).json()["results"]] == [cheap.pk]

    monkeypatch.setattr(clock, "now", lambda: starts_at)

    assert [card["id"] for card in Client().get(path).json()["results"]] == [other.pk]


READERS = (catalog_filters, facets, listing, picker, product_view, search_view, goods)
BESIDE = {"price_min_fen", "price_max_fen", "found"}
"""Worked out of others; and the place of a result, which is noted, not shown."""


def test_every_parameter_that_a_shared_page_reads_is_in_its_key():
    """A name that a view reads and a key lacks would be taken from the request before the view."""
    read = {
        name
        for module in READERS
        for name in re.findall(
            r"""(?:\b(?:GET|params|asked|query)(?:\.get\w*)?[(\[]|params, )["']([\w.]+)["']""",
            inspect.getsource(module),
        )
    }
    known = {name for page in PAGES.values() for name in page.params}

    assert {"q", "sku", "source", "in_stock"} <= read
    assert read - BESIDE <= known


def test_every_shared_address_is_a_page_of_the_shop():
    names = {"home": [], "categories": [], "search": [], "product": [7], "topics": []}

    assert set(names) < set(PAGES)
    for name, page in PAGES.items():
        path = reverse(f"storefront:{name}", args=names.get(name, ["a-slug"]))
        assert ADDRESSES.fullmatch(path).lastgroup == name
        assert ADDRESSES.fullmatch(f"/en{path}").lastgroup == name
        assert page.marks in ((), (WELCOME_COOKIE,))
    for path in ("/cart/", "/me/", "/orders/", "/login/", "/checkout/", "/product/7/favourite/"):
        assert ADDRESSES.fullmatch(path) is None
