"""What a page weighs on the way: style sheets, scripts, the page itself; names that may be kept for
ever (X-10)."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client, override_settings

from catalog.models import Product
from catalog.presenting import DETAIL_KINDS
from catalog.services import save_product, store_video
from catalog.testing import film, make_media
from mall.kernel import clock
from mall.storefront.tests.sale import open_shop
from mall.storefront.tests.shop import make_goods, make_shopper, signed_in
from mall.storefront.tests.test_content import block, make_topic
from orders.services import refresh_shelf
from orders.testing import make_order, make_received_order, open_sandbox_payment

KB = 1024
MOST_SCRIPT, MOST_STYLE, MOST_PAGE = 60 * KB, 40 * KB, 40 * KB
IMPORT = re.compile(r"""(?:from|import)\s*["']\./([\w.-]+)["']""")
PRODUCTION = "whitenoise.storage.CompressedManifestStaticFilesStorage"


def text_of(name: str) -> bytes:
    """A static file as it lies in the tree."""
    path = finders.find(name)
    assert path is not None, name
    return Path(path).read_bytes()


def pressed(names) -> int:
    """Bytes of these files, pressed one by one as they are sent."""
    return sum(len(gzip.compress(text_of(name), 6)) for name in names)


def with_imports(name: str, seen: set[str]) -> set[str]:
    """A script and everything it imports."""
    if name not in seen:
        seen.add(name)
        folder = name.rpartition("/")[0]
        for found in IMPORT.findall(text_of(name).decode()):
            with_imports(f"{folder}/{found}", seen)
    return seen


def linked(page: str) -> tuple[set[str], set[str]]:
    """(style sheets, scripts with what they import) of a page."""
    styles = set(re.findall(r'<link rel="stylesheet" href="/static/([^"?]+)', page))
    scripts: set[str] = set()
    for name in re.findall(r'<script[^>]* src="/static/([^"?]+)', page):
        with_imports(name, scripts)
    return styles, scripts


def check_weight(client: Client, path: str) -> None:
    """A page keeps within its budgets."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    styles, scripts = linked(answer.content.decode())
    assert min(len(styles), len(scripts)) > 0, path
    assert pressed(styles) <= MOST_STYLE, path
    assert pressed(scripts) <= MOST_SCRIPT, path
    assert len(gzip.compress(answer.content, 6)) <= MOST_PAGE, path


@pytest.mark.django_db
def test_X_10_no_page_of_the_window_outweighs_its_budget():
    shop = open_shop()
    slug = shop.wash.category.slug
    paths = ["/", f"/category/{slug}/", f"/product/{shop.wash.pk}/", "/search/?q=a", "/categories/"]

    for path in [*paths, "/cart/", "/login/", "/help/returns/", "/coupons/", "/flash/", "/shows/"]:
        check_weight(Client(), path)


def adorn(product: Product) -> None:
    """The fullest page of goods: blocks of every kind, a picture that turns, videos."""
    frames = [make_media().pk for _n in range(12)]
    videos = {kind: store_video(film(15), kind=kind, at=clock.now()) for kind in ("main", "detail")}
    filled = {"text_zh": "说明", "table_zh": "问|答", "media_id": frames[0], "media_ids": frames}
    rows = [
        {"kind": kind, "title_zh": kind, "video_id": videos["detail"].pk, **filled}
        for kind in DETAIL_KINDS
    ]
    save_product(
        product=product,
        values={"blocks": rows, "main_video": videos["main"]},
        at=clock.now(),
    )
    refresh_shelf(clock.now(), [product.pk])


@pytest.mark.django_db
def test_X_10_no_page_of_a_buyer_outweighs_its_budget():
    goods, member, at = make_goods(), make_shopper(), clock.now()
    adorn(goods)
    sku = goods.skus.get()
    bought = make_received_order(member=member, sku=sku, at=at)
    waiting = make_order(member=member, sku=sku, at=at)
    payment = open_sandbox_payment(waiting, at=at)
    line, buyer = bought.lines.get(), signed_in(member)
    buyer.post("/cart/add/", {"sku_id": sku.pk, "quantity": 2})
    make_topic("tea", block("products", products=[goods.pk]), block("shows"), block("coupons"))

    for path in [
        *("/", "/topic/tea/", f"/product/{goods.pk}/", "/cart/", "/checkout/"),
        *(f"/orders/{waiting.number}/pay/", f"/pay/{payment.payment_no}/"),
        *("/orders/", f"/orders/{bought.number}/", f"/orders/{bought.number}/after-sales/new/"),
        *(f"/orders/{bought.number}/lines/{line.pk}/review/", "/after-sales/", "/me/"),
        *("/me/coupons/", "/me/addresses/new/", "/me/favourites/", "/me/history/", "/me/wallet/"),
    ]:
        check_weight(buyer, path)
    full = buyer.get(f"/product/{goods.pk}/").content.decode()
    assert min(full.count("<video "), full.count("data-spin ")) > 0
    assert len(buyer.get("/cart/").context["cart"]["groups"][0]["lines"]) == 1


def test_X_10_static_files_are_hashed_pressed_and_kept_for_ever(tmp_path):
    """As production collects them: the hash in the name, brotli beside the file, a year to keep."""
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": PRODUCTION}}
    ours = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    finders.get_finder.cache_clear()
    with override_settings(
        STORAGES=storages,
        STATIC_ROOT=tmp_path,
        STATICFILES_FINDERS=ours,
        WHITENOISE_USE_FINDERS=False,
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        (sheet,) = (tmp_path / "css").glob("base.*.css")
        url = f"/static/css/{sheet.name}"
        answer = Client().get(url, headers={"Accept-Encoding": "br"})

    assert re.fullmatch(r"base\.[0-9a-f]{12}\.css", sheet.name)
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert brotli.decompress(answer.getvalue()) == sheet.read_bytes()
