"""Detail blocks as dicts of api.md: what every block has, then what goes with its kind. No query.

Source: requirements C-45, C-46, C-47.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage

from catalog.blocks import rows_of
from catalog.imaging import image, video
from catalog.models import ProductCertificate
from mall.kernel.words import localized

if TYPE_CHECKING:
    from catalog.selectors import ProductPage

Item = Mapping[str, Any]
Shape = dict[str, Any]


def block(page: "ProductPage", item: Item) -> Shape:
    """{kind, title, text, image} of one detail block, and more by its kind (`MORE`)."""
    kind = item.get("kind", "point")
    return {
        "kind": kind,
        "title": localized(item, "title"),
        "text": localized(item, "text"),
        "image": image(page.pictures.get(item.get("media_id", 0))),
        **MORE.get(kind, _nothing)(page, item),
    }


def attribute(value: Item) -> Shape:
    """{code, name, value} of an attribute, its unit behind the value."""
    titles = {"title_zh": value["definition__title_zh"], "title_en": value["definition__title_en"]}
    units = {"unit_zh": value["definition__unit_zh"], "unit_en": value["definition__unit_en"]}
    unit = localized(units, "unit")
    text = localized(value, "value")
    return {
        "code": value["definition__code"],
        "name": localized(titles, "title"),
        "value": f"{text} {unit}" if unit else text,
    }


def paper(row: Item) -> Shape:
    """{kind, kind_label, number, agency, starts_on, expires_on, url} of a valid paper."""
    return {
        "kind": row["kind"],
        "kind_label": str(ProductCertificate.Kind(row["kind"]).label),
        "number": row["number"],
        "agency": localized(row, "agency"),
        "starts_on": row["starts_on"],
        "expires_on": row["expires_on"],
        "url": default_storage.url(row["file"]),
    }


def _nothing(page: "ProductPage", item: Item) -> Shape:
    return {}


def _table(page: "ProductPage", item: Item) -> Shape:
    head, *rows = rows_of(localized(item, "table")) or [[]]
    return {"head": head, "rows": rows}


def _parameters(page: "ProductPage", item: Item) -> Shape:
    typed = rows_of(localized(item, "table"))
    own = [{"name": name, "value": value} for name, value in typed]
    known = [attribute(value) for value in page.attributes]
    return {"parameters": [{"name": one["name"], "value": one["value"]} for one in known] + own}


def _questions(page: "ProductPage", item: Item) -> Shape:
    pairs = rows_of(localized(item, "table"))
    return {"questions": [{"question": asked, "answer": answer} for asked, answer in pairs]}


def _frames(page: "ProductPage", item: Item) -> Shape:
    pictures = [page.pictures.get(pk) for pk in item.get("media_ids", ())]
    return {"frames": [image(picture) for picture in pictures if picture]}


def _video(page: "ProductPage", item: Item) -> Shape:
    return {"video": video(page.videos.get(item.get("video_id", 0)), page.card["image"])}


def _trust(page: "ProductPage", item: Item) -> Shape:
    return {
        "papers": [paper(row) for row in page.papers],
        "sales_count": max(page.product.sales_count, 0),
        "buyers_count": page.product.buyers_count,
        "reviews_count": page.product.rating_count,
    }


MORE: Mapping[str, Callable[["ProductPage", Item], Shape]] = {
    "comparison": _table,
    "size_guide": _table,
    "parameters": _parameters,
    "faq": _questions,
    "spin": _frames,
    "video": _video,
    "trust": _trust,
}
"""What a kind has beside title, text and image."""
