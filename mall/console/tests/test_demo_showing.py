"""One product of the demo shows all that a product's page can, made through verbs, quickly."""

import time

import pytest

from catalog.models import (
    BoughtTogether,
    Product,
    ProductCertificate,
    RelatedProduct,
    SeasonTag,
)
from catalog.selectors import edition_badge
from catalog.services import add_media, set_gallery
from catalog.testing import make_picture_file, make_product
from mall.console.demo.contents import read
from mall.console.demo.seeding import Seeding
from mall.console.demo.showing import seed_showcase
from mall.kernel import clock
from members.testing import make_operator
from promotions.models import ShopPromise

pytestmark = pytest.mark.django_db
(ROW,) = read("showcase.json")
SHOWN = ROW["product"]
SEED_SECONDS = 2


@pytest.fixture
def seeding():
    """The operators of the demo and the goods that the file names."""
    for name in ("admin", "marketing"):
        make_operator(username=name, is_superuser=True)
    codes = {SHOWN["code"], *SHOWN["related"]}
    codes.update(code for season in ROW["seasons"] for code in season["products"])
    for code in sorted(codes):
        make_product(code=code)
    return Seeding(at=clock.now(), tell=print)


def the_product():
    return Product.objects.get(code=SHOWN["code"])


def test_a_product_has_film_blocks_paper_related_goods_and_a_rerun_makes_nothing(seeding):
    product = the_product()
    pictures = [add_media(file=make_picture_file(600, 600, colour=c)) for c in ("#a33", "#3a3")]
    set_gallery(product=product, pictures=pictures)

    began = time.process_time()
    first = seed_showcase(seeding)
    took = time.process_time() - began
    second = seed_showcase(seeding)

    assert (first.there, second.made) == (0, 0)
    product = the_product()
    assert product.main_video.duration_ms == 12_000
    assert len({block["kind"] for block in product.blocks}) >= 7
    assert "trust" in {block["kind"] for block in product.blocks[:3]}
    assert ProductCertificate.objects.get().product == product
    beside = RelatedProduct.objects.filter(product=product).values_list("related__code", flat=True)
    assert list(beside) == SHOWN["related"]
    assert not BoughtTogether.objects.exists()
    assert took < SEED_SECONDS


def test_one_season_is_always_on_and_the_shop_promises_something(seeding):
    product = the_product()
    set_gallery(product=product, pictures=[add_media(file=make_picture_file(600, 600))])

    seed_showcase(seeding)

    for month in range(1, 13):
        day = clock.day_of(seeding.at).replace(month=month, day=15)
        assert SeasonTag.objects.in_season(day).count() == 1
    assert ShopPromise.objects.count() == len(ROW["promises"])


def test_C_15_the_demo_sells_a_limited_edition_with_its_partner(seeding):
    product = the_product()
    set_gallery(product=product, pictures=[add_media(file=make_picture_file(600, 600))])

    seed_showcase(seeding)

    product = the_product()
    assert edition_badge(product)["label_zh"] == "限量联名 · 青溪窑"
    assert (product.total_limit, product.member_limit) == (500, 2)
