"""Scene codes of shared pages: one a member and page; who follows one is counted. Source: M-65."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import F

from mall.kernel import clock
from mall.kernel.errors import NotFound
from promotions.models import ShareScene, ShareVisit

CODE_BYTES = 6


def open_scene(*, member_id: int | None, kind: str, target: str, at: datetime) -> ShareScene:
    """The code of a page for who shares it, the same one each time; None is the shop itself.

    Queries: 1, 3 the first time.
    """
    scene, _is_new = ShareScene.objects.get_or_create(
        member_id=member_id,  # type: ignore[misc] # None is looked up as a NULL
        kind=kind,
        target=target,
        defaults={"code": secrets.token_urlsafe(CODE_BYTES), "created_at": at},
    )
    return scene


@transaction.atomic
def note_visit(*, code: str, visitor: str, member_id: int | None, at: datetime) -> ShareScene:
    """Somebody followed a shared page: counted once a visitor and day, the sharer's own never.

    ``visitor`` is a digest that the door makes. Raises: NotFound. Queries: 2 to 4.
    """
    scene = ShareScene.objects.filter(code=code).first()
    if scene is None:
        raise NotFound
    if member_id is not None and member_id == scene.member_id:
        return scene
    visit, is_new = ShareVisit.objects.get_or_create(
        scene=scene,
        visitor=visitor,
        day=clock.day_of(at),
        defaults={"member_id": member_id, "at": at},
    )
    if is_new:
        ShareScene.objects.filter(pk=scene.pk).update(visits=F("visits") + 1)
    elif visit.member_id is None and member_id is not None:
        ShareVisit.objects.filter(pk=visit.pk).update(member_id=member_id)
    return scene
