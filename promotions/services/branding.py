"""How the shop looks, what it promises and whether it is open, each change with a trail. X-03,
X-64."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.errors import TextsRefused
from catalog.services import Text, blocking_words
from mall.kernel import audit
from mall.kernel.words import label_of
from promotions.content.colours import Unreadable, palettes, unreadable
from promotions.errors import ColoursUnreadable
from promotions.models import Maintenance, ShopPromise, SiteSettings
from promotions.services.placing import place_content, show_afresh

PROMISED = ("title_zh", "title_en", "line_zh", "line_en")
WORDED = ("name_zh", "name_en", "slogan_zh", "slogan_en", "about_zh", "about_en")


@transaction.atomic
def save_site_settings(*, values: Mapping[str, Any], at: datetime, actor: Any) -> SiteSettings:
    """Change the shop's name, words, logo, colours and legal lines.

    Raises: ColoursUnreadable, TextsRefused. Queries: 5.
    """
    row = SiteSettings.objects.select_for_update().first() or SiteSettings()
    before = {name: _plain(getattr(row, name)) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    check_colours(row)
    words = blocking_words(
        Text(label_of(row, name), getattr(row, name), is_title=True) for name in WORDED
    )
    if words:
        raise TextsRefused(title=row.name_zh, findings="; ".join(words))
    row.save()
    audit.record(
        actor=actor,
        verb="promotions.save_site_settings",
        target=row,
        at=at,
        before=before,
        after={name: _plain(value) for name, value in values.items()},
    )
    show_afresh()
    return row


@transaction.atomic
def save_promise(*, row: ShopPromise, changed: Collection[str], at: datetime, actor: Any) -> None:
    """Keep what the shop promises with every product. Raises: TextsRefused. Queries: 5."""
    words = blocking_words(
        Text(label_of(row, name), getattr(row, name), "title" in name) for name in PROMISED
    )
    if words:
        raise TextsRefused(title=row.title_zh, findings="; ".join(words))
    place_content(row=row, changed=changed, at=at, actor=actor)


def check_colours(row: SiteSettings) -> None:
    """Raises: ColoursUnreadable, naming every pair that cannot be read."""
    found = palettes(brand=row.brand_colour, action=row.action_colour, honey=row.honey_colour)
    problems = unreadable(found)
    if problems:
        raise ColoursUnreadable(findings="; ".join(_words(one) for one in problems))


def _words(problem: Unreadable) -> str:
    names = {
        "brand": _("brand colour"), "action": _("action colour"), "honey": _("honey colour")
    }  # fmt: skip
    themes = {"light": _("light theme"), "dark": _("dark theme")}
    whole, tenth = divmod(problem.contrast_x10, 10)
    return _("%(colour)s (%(theme)s): %(text)s on %(ground)s is %(ratio)s, needs 4.5") % {
        "colour": names[problem.colour],
        "theme": themes[problem.theme],
        "text": problem.text,
        "ground": problem.ground,
        "ratio": f"{whole}.{tenth}",
    }


@transaction.atomic
def switch_maintenance(
    *,
    is_on: bool,
    at: datetime,
    actor: Any,
    message_zh: str = "",
    message_en: str = "",
    until: datetime | None = None,
) -> Maintenance:
    """Close the shop for shoppers, or open it. Call-backs and operators are let in either way.

    Queries: 3.
    """
    row = Maintenance.objects.select_for_update().first() or Maintenance()
    values = {
        "is_on": is_on, "message_zh": message_zh, "message_en": message_en, "until": until
    }  # fmt: skip
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    audit.record(
        actor=actor,
        verb="promotions.switch_maintenance",
        target=row,
        at=at,
        before=before,
        after=values,
    )
    show_afresh()
    return row


def _plain(value: Any) -> Any:
    return getattr(value, "pk", value)
