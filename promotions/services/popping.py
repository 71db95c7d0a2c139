"""Pop-ups: saving their rules, counting who saw and closed them. Source: requirement P-62."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from catalog.errors import TextsRefused
from catalog.services import Text, blocking_words
from mall.kernel import clock
from mall.kernel.errors import NotFound
from mall.kernel.words import label_of
from promotions.errors import PopUpNotValid
from promotions.models import PopUp, PopUpSight
from promotions.services.placing import place_content

WORDED = ("title_zh", "title_en", "text_zh", "text_en", "button_zh", "button_en")


@transaction.atomic
def save_pop_up(*, row: PopUp, changed: Collection[str], at: datetime, actor: Any) -> None:
    """Keep a rule whose parts fit together. Raises: PopUpNotValid, TextsRefused. Queries: 5."""
    if row.who == PopUp.Who.TIERS and not row.tier_codes:
        raise PopUpNotValid(reason=_("choose the tiers it is for"))
    if row.who == PopUp.Who.SEGMENT and row.segment_id is None:
        raise PopUpNotValid(reason=_("choose the segment it is for"))
    words = blocking_words(
        Text(label_of(row, name), getattr(row, name), "title" in name) for name in WORDED
    )
    if words:
        raise TextsRefused(title=row.name, findings="; ".join(words))
    place_content(row=row, changed=changed, at=at, actor=actor)


@transaction.atomic
def note_shown(*, popup_id: int, viewer: str, at: datetime) -> bool:
    """Count one more sight of a pop-up; False when this viewer has seen it often enough today.

    The count is raised by a guarded update, so two tabs at once are not shown it twice.
    Raises: NotFound. Queries: 3.
    """
    popup = PopUp.objects.on(at).filter(pk=popup_id).first()
    if popup is None:
        raise NotFound
    sights = _sights(popup, viewer, at)
    return bool(sights.filter(shown__lt=popup.per_day).update(shown=F("shown") + 1))


@transaction.atomic
def note_closed(*, popup_id: int, viewer: str, at: datetime) -> None:
    """Keep in mind that the viewer closed it: it rests for its days. Raises: NotFound.

    Queries: 3.
    """
    popup = PopUp.objects.filter(pk=popup_id).first()
    if popup is None:
        raise NotFound
    _sights(popup, viewer, at).update(closed_at=at)


def _sights(popup: PopUp, viewer: str, at: datetime) -> Any:
    """The viewer's row of the day, made when there is none."""
    row = PopUpSight(popup=popup, viewer=viewer, day=clock.day_of(at))
    PopUpSight.objects.bulk_create([row], ignore_conflicts=True)
    return PopUpSight.objects.filter(popup=popup, viewer=viewer, day=row.day)
