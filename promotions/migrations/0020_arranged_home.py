"""The front page as it was: its banners become the slides and themes of a first version, help pages
get their column and their first version. From here on released versions stay as they are."""

from django.db import migrations
from django.utils import timezone

from mall.kernel.db.triggers import AppendOnly

FROZEN = """
CREATE OR REPLACE FUNCTION promotions_page_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.frozen_at IS NOT NULL THEN
        RAISE EXCEPTION 'a released version of a page stays as it is'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER promotions_page_version_frozen BEFORE UPDATE OR DELETE ON promotions_pageversion
FOR EACH ROW EXECUTE FUNCTION promotions_page_version_frozen();
"""
THAWED = """
DROP TRIGGER IF EXISTS promotions_page_version_frozen ON promotions_pageversion;
DROP FUNCTION IF EXISTS promotions_page_version_frozen();
"""
TOPICS = {
    "coupons": "guide",
    "points": "guide",
    "invoice": "guide",
    "shipping": "delivery",
    "returns": "after_sales",
    "agreement": "agreement",
    "privacy": "privacy",
}
EVERYBODY = {"who": "everybody", "tiers": [], "segment": ""}
REST = ("flash", "coupons", "topics", "seasonal", "hot", "new", "feed", "promises")
COUNTS = {"flash": 5, "coupons": 4, "topics": 3, "seasonal": 10, "hot": 5, "new": 4, "feed": 20}


def words(row, name):
    return {"zh": getattr(row, f"{name}_zh"), "en": getattr(row, f"{name}_en")}


def block(kind, settings):
    window = {"starts_at": None, "ends_at": None, "audience": EVERYBODY}
    return {"id": kind, "kind": kind, "is_shown": True, **window, "settings": settings}


def tile(row, *more):
    return {
        "picture": row.media_id,
        "ink": row.ink,
        "title": words(row, "title"),
        "line": words(row, "text"),
        "link": row.link,
        "starts_at": row.starts_at and row.starts_at.isoformat(),
        "ends_at": row.ends_at and row.ends_at.isoformat(),
        "audience": EVERYBODY,
        **{name: words(row, name) for name in more},
    }


def settings_of(kind, themes):
    none = {"zh": "", "en": ""}
    if kind == "promises":
        return {"items": []}
    if kind == "flash":
        return {"count": COUNTS[kind]}
    if kind == "topics":
        return {"title": none, "tiles": themes, "count": COUNTS[kind]}
    if kind == "coupons":
        return {"title": none, "note": none, "coupons": [], "count": COUNTS[kind]}
    more = {"seasonal": {"season": ""}, "feed": {"category": ""}}.get(kind, {})
    return {"title": none, "note": none, "more": "", "count": COUNTS[kind], **more}


def arrange_home(apps, schema_editor):
    banners = list(apps.get_model("promotions", "Banner").objects.order_by("sort", "pk"))
    if not banners:
        return
    now = timezone.now()
    slides = [tile(row, "kicker", "button") for row in banners if row.place == "hero"]
    themes = [tile(row) for row in banners if row.place == "topic"]
    blocks = [block(kind, settings_of(kind, themes[:9])) for kind in REST]
    if slides:
        blocks.insert(0, block("carousel", {"slides": slides[:8]}))
    page = apps.get_model("promotions", "ContentPage").objects.create(
        kind="home", slug="home", title_zh="首页", title_en="Home", made_at=now
    )
    version = apps.get_model("promotions", "PageVersion").objects.create(
        page=page, number=1, blocks=blocks, made_at=now, saved_at=now, frozen_at=now
    )
    apps.get_model("promotions", "PageRelease").objects.create(
        page=page, version=version, live_at=now, released_at=now
    )


def keep_help(apps, schema_editor):
    pages = apps.get_model("promotions", "HelpPage").objects
    versions = apps.get_model("promotions", "HelpVersion").objects
    for slug, topic in TOPICS.items():
        pages.filter(slug=slug).update(topic=topic)
    now = timezone.now()
    columns = ("version", "title_zh", "title_en", "body_zh", "body_en")
    for page in pages.order_by("pk"):
        versions.create(
            page=page, published_at=now, **{name: getattr(page, name) for name in columns}
        )


def undo(apps, schema_editor):
    """The tables themselves go with the migration before."""


class Migration(migrations.Migration):
    safe_because = (
        "A handful of banners and help pages become rows of tables that no code used before."
    )

    dependencies = [("promotions", "0019_content_pages"), ("kernel", "0003_append_only")]

    operations = [
        migrations.RunPython(arrange_home, undo),
        migrations.RunPython(keep_help, undo),
        migrations.RunSQL(FROZEN, THAWED),
        AppendOnly("promotions_helpversion"),
    ]
