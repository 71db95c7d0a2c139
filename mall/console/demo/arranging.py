"""The front page and the topics of the demo, put together as an operator does: through verbs."""

from typing import Any

from catalog.models import Media, Product
from catalog.services import adopt_pictures
from mall.console.demo.contents import MEDIA, Row, read
from mall.console.demo.seeding import Seeding, Tally, operator
from promotions.models import ContentPage
from promotions.services import (
    PageValues,
    ensure_home,
    release_version,
    save_draft,
    save_page,
)

GOODS_OF_A_TOPIC = 10


def seed_pages(seeding: Seeding) -> Tally:
    """The home page and the topics of ``data/pages.json``; a page that is there stays as it is."""
    rows = read("pages.json")
    there = set(ContentPage.objects.filter(releases__isnull=False).values_list("slug", flat=True))
    fresh = [row for row in rows if row["slug"] not in there]
    banners = read("banners.json")
    names = {row["picture"] for row in banners} | {row["cover"] for row in fresh if row["cover"]}
    pictures = adopt_pictures(folder=MEDIA, names=sorted(names))
    for sort, row in enumerate(fresh):
        _publish(row, sort, pictures, seeding)
    return Tally(len(fresh), len(rows) - len(fresh))


def _publish(row: Row, sort: int, pictures: dict[str, Media], seeding: Seeding) -> None:
    at, writer = seeding.at, operator("marketing")
    if row["kind"] == ContentPage.Kind.HOME:
        page = ensure_home(at=at, actor=writer)
    else:
        cover = pictures[row["cover"]].pk
        columns = ("kind", "slug", "title_zh", "title_en", "text_zh", "text_en")
        names = {name: row[name] for name in columns}
        page = ContentPage.objects.filter(slug=row["slug"]).first() or save_page(
            values=PageValues(**names, cover_id=cover, sort=sort), at=at, actor=writer
        )
    blocks = [_block(one, pictures, seeding) for one in row["blocks"]]
    save_draft(page_id=page.pk, blocks=blocks, at=at, actor=writer)
    release_version(page_id=page.pk, at=at, actor=writer)


def _block(row: Row, pictures: dict[str, Media], seeding: Seeding) -> dict[str, Any]:
    """A block of the file: names of pictures and goods become numbers, days become instants."""
    settings = {**row.get("settings", {})}
    if "banners" in settings:
        settings[settings.pop("into")] = [
            _slide(one, pictures, seeding)
            for one in read("banners.json")
            if one["place"] == settings.get("banners")
        ]
        del settings["banners"]
    if "categories" in settings:
        settings["products"] = _goods(settings.pop("categories"))
    if "ends_in_days" in settings:
        settings["target_at"] = seeding.day_end(settings.pop("ends_in_days")).isoformat()
    if "picture" in settings:
        settings["picture"] = pictures[settings["picture"]].pk
    return {"id": row["id"], "kind": row["kind"], "settings": settings}


def _slide(row: Row, pictures: dict[str, Media], seeding: Seeding) -> dict[str, Any]:
    slide: dict[str, Any] = {
        "picture": pictures[row["picture"]].pk,
        "ink": row["ink"],
        "title": {"zh": row["title_zh"], "en": row["title_en"]},
        "line": {"zh": row["text_zh"], "en": row["text_en"]},
        "link": row["link"],
        "ends_at": seeding.day_end(row["days"]).isoformat(),
    }
    if row["place"] == "hero":
        for name in ("kicker", "button"):
            slide[name] = {"zh": row[f"{name}_zh"], "en": row[f"{name}_en"]}
    return slide


def _goods(slugs: list[str]) -> list[int]:
    """What sells in these categories and below them."""
    rows = Product.objects.filter(category__slug__in=slugs, status=Product.Status.ON_SALE)
    ordered = rows.order_by("-sales_count", "pk").values_list("pk", flat=True)
    return list(ordered[:GOODS_OF_A_TOPIC])
