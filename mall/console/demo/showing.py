"""One product of the demo in full: a video, detail blocks of many kinds, a paper, what goes with
it; the goods of the seasons, what the shop promises, what the timers would count at night."""

from datetime import timedelta

from django.core.files.base import ContentFile

from catalog.models import Product, ProductCertificate, ProductMedia, SeasonTag, Video
from catalog.services import (
    film_pictures,
    keep_phrases,
    save_certificate,
    save_product,
    save_video,
    set_poster,
    set_related,
    store_video,
)
from mall.console.demo.contents import Row, read
from mall.console.demo.seeding import Seeding, Tally, operator
from orders.services import pair_goods
from promotions.models import ShopPromise
from promotions.services import save_promise

SECONDS = 12
PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R"
    b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
    b"4 0 obj<</Length 63>>stream\n"
    b"BT /F 16 Tf 60 520 Td (Demo: a quality report would be here) Tj ET\nendstream endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def seed_showcase(seeding: Seeding) -> Tally:
    """Everything of this module; a rerun makes what is missing."""
    (row,) = read("showcase.json")
    made = _product(row["product"], seeding) + _promises(row["promises"], seeding)
    made += _seasons(row["seasons"])
    pair_goods(seeding.at)
    keep_phrases(seeding.at)
    wanted = 1 + len(row["promises"]) + len(row["seasons"])
    return Tally(made, wanted - made)


def _product(row: Row, seeding: Seeding) -> int:
    """The product that shows it all; once it has its video it is left as operators have it."""
    product = Product.objects.get(code=row["code"])
    if product.main_video_id is not None:
        return 0
    at, writer = seeding.at, operator()
    shown = ProductMedia.objects.filter(product=product).select_related("media")
    gallery = [one.media for one in shown]
    video = store_video(film_pictures(gallery, SECONDS), kind=Video.Kind.MAIN, at=at)
    set_poster(video=video, poster=gallery[0])
    save_video(video=video, values={"shows_goods": True}, at=at, actor=writer)
    save_product(
        product=product,
        values={"blocks": [*product.blocks, *row["blocks"]], "main_video": video, **row["head"]},
        at=at,
        actor=writer,
    )
    _paper(product, row["paper"], seeding)
    beside = {one.code: one for one in Product.objects.filter(code__in=row["related"])}
    set_related(product=product, related=[beside[c] for c in row["related"]], at=at, actor=writer)
    return 1


def _paper(product: Product, row: Row, seeding: Seeding) -> None:
    day = seeding.today
    save_certificate(
        certificate=ProductCertificate(
            product=product,
            file=ContentFile(PAPER, "report.pdf"),
            starts_on=day - timedelta(days=100),
            expires_on=day + timedelta(days=900),
            **row,
        ),
        at=seeding.at,
        actor=operator(),
    )


def _promises(rows: list[Row], seeding: Seeding) -> int:
    known = set(ShopPromise.objects.values_list("title_zh", flat=True))
    fresh = [ShopPromise(**row) for row in rows if row["title_zh"] not in known]
    for promise in fresh:
        save_promise(row=promise, changed=(), at=seeding.at, actor=operator("marketing"))
    return len(fresh)


def _seasons(rows: list[Row]) -> int:
    """Four seasons with their goods: one of them is always on."""
    known = set(SeasonTag.objects.values_list("code", flat=True))
    fresh = [row for row in rows if row["code"] not in known]
    for row in fresh:
        words = {name: value for name, value in row.items() if name != "products"}
        goods = Product.objects.filter(code__in=row["products"])
        SeasonTag.objects.create(**words).products.set(goods)
    return len(fresh)
