"""What a shopper's hands do with a product's page: choose, enlarge, turn, play."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from catalog.models import Video
from catalog.services import (
    OptionPlan,
    ValuePlan,
    add_media,
    build_skus,
    change_sku,
    save_product,
    set_gallery,
    set_sku_prices,
    store_video,
)
from catalog.testing import film, make_picture_file, make_product
from inventory.testing import make_stock
from mall.kernel import clock
from mall.storefront.tests.chromium import WIDE, Hands, browser
from orders.services import refresh_shelf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLAYED = """() => {
    const video = document.querySelector("video");
    return video.play().then(() => video.duration);
}"""


def picture(colour):
    return add_media(file=make_picture_file(600, 600, colour=colour))


def tee(at):
    """Red M for 100.00 with nine pieces, blue M for 120.00 with three and a picture of its own."""
    product = make_product("山茶T恤", on_sale=True, at=at)
    values = [ValuePlan("red", "红"), ValuePlan("blue", "蓝")]
    axes = [OptionPlan("colour", "颜色", values), OptionPlan("size", "尺码", [ValuePlan("m", "M")])]
    build_skus(product=product, options=axes, price_fen=10_000, weight_grams=100, at=at)
    skus = {
        sku.options["colour"]: sku for sku in product.skus.filter(is_active=True) if sku.options
    }
    product.skus.exclude(pk__in=[sku.pk for sku in skus.values()]).update(is_active=False)
    change_sku(sku_id=skus["blue"].pk, values={"media": picture("#0057b8")}, at=at)
    set_sku_prices(prices={skus["blue"].pk: (12_000, 12_000)}, at=at)
    make_stock(sku=skus["red"], on_hand=90)
    make_stock(sku=skus["blue"], on_hand=3)
    set_gallery(product=product, pictures=[picture("#c8102e")])
    frames = [picture(f"#00{n:02x}00") for n in range(16, 28)]
    blocks = [{"kind": "spin", "media_ids": [frame.pk for frame in frames]}]
    video = store_video(film(15, 320, 180), kind=Video.Kind.MAIN, at=at)
    save_product(product=product, values={"blocks": blocks, "main_video": video}, at=at)
    refresh_shelf(at, [product.pk])
    return product, skus


def test_C_03_C_41_C_47_choosing_playing_enlarging_and_turning(live_server):
    product, skus = tee(clock.now())
    blue = skus["blue"].media or type(skus["blue"]).objects.get(pk=skus["blue"].pk).media

    with browser() as running:
        hands = Hands.at(running, live_server.url, WIDE)
        page = hands.page
        hands.go(reverse("storefront:product", args=[product.pk]))
        assert page.evaluate(PLAYED) == 15
        assert "100" in hands.text("[data-sku-price]")

        page.locator("[data-group]").first.get_by_text("蓝").click()
        expect(page.locator("[data-sku-price]").first).to_contain_text("120")
        assert "3" in hands.text("[data-shelf]")
        shown = page.locator(f'[data-gallery] img[src="{blue.file.url}"]')
        expect(shown).to_be_in_viewport(ratio=0.9)

        hands.click("[data-zoom]")
        assert page.locator("dialog.zoom img").get_attribute("src") == blue.file.url
        page.keyboard.press("Escape")

        spin = page.locator("[data-spin]")
        spin.focus()
        page.keyboard.press("ArrowRight")
        assert spin.get_attribute("aria-valuenow") == "2"
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        assert spin.get_attribute("aria-valuenow") == "12"
        spin.hover(position={"x": 50, "y": 50})
        box = spin.bounding_box()
        page.mouse.down()
        page.mouse.move(box["x"] + 50 + 12 * 4, box["y"] + 50)
        page.mouse.up()
        assert spin.get_attribute("aria-valuenow") == "4"
        hands.shoot("product-details")

    assert hands.complaints == []
    assert hands.strangers == []
