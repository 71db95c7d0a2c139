"""Codes: drawn in batches, typed in once. Source: requirement P-11; ATK-31."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from mall.kernel import audit
from mall.kernel.errors import InvalidInput
from mall.kernel.outbox import publish
from members.models import Member
from promotions.errors import CampaignNotReady, CodeUnknown, CodeUsedUp
from promotions.events import CouponClaimed
from promotions.models import CodeBatch, Coupon, CouponCode, CouponGrant, Deed
from promotions.services.giving import Source, check_open, count_pieces, give_one, new_code
from promotions.services.guarding import Attempt, Footprint, guard_deed

CODE = "code"
DRAW = 2_000
MOST_CODES = 1_000_000
CHANNEL = re.compile(r"[\w-]{1,60}")
WORD = re.compile(r"[A-Z0-9]{6,32}")
SHARED, SINGLE = CodeBatch.Shape.SHARED, CodeBatch.Shape.SINGLE


@transaction.atomic
def order_codes(*, batch: CodeBatch, at: datetime, word: str = "", actor: Any = None) -> CodeBatch:
    """Order a batch: a shared one has its code at once (``word``, or a drawn one), single ones are
    drawn by the worker.

    Raises: InvalidInput, CampaignNotReady when the coupon is over.
    """
    _check_batch(batch, at, word)
    batch.created_by, batch.created_at = actor, at
    batch.save()
    if batch.shape == SHARED:
        code = word.upper() or new_code()
        made = CouponCode.objects.bulk_create(
            [CouponCode(batch=batch, code=code, most=batch.pieces)], ignore_conflicts=True
        )
        if not CouponCode.objects.filter(batch=batch, code=made[0].code).exists():
            raise InvalidInput(field="word", allowed=_("a word that is not taken yet"))
        batch.made = batch.pieces
        batch.save(update_fields=["made"])
    facts = {"coupon": batch.coupon.code, "shape": batch.shape, "pieces": batch.pieces}
    audit.record(actor=actor, verb="promotions.order_codes", target=batch, after=facts, at=at)
    return batch


@transaction.atomic
def stop_codes(*, batch_id: int, at: datetime, actor: Any = None) -> bool:
    """Let no code of a batch work any more; False when that was so already."""
    if not CodeBatch.objects.filter(pk=batch_id, is_stopped=False).update(is_stopped=True):
        return False
    batch = CodeBatch.objects.get(pk=batch_id)
    audit.record(actor=actor, verb="promotions.stop_codes", target=batch, at=at)
    return True


def export_codes(*, batch_id: int, at: datetime, actor: Any = None) -> Iterator[tuple[str, int]]:
    """The codes of a batch with how often each was redeemed; the trail says who took them away."""
    batch = CodeBatch.objects.get(pk=batch_id)
    facts = {"codes": batch.codes.count()}
    audit.record(actor=actor, verb="promotions.export_codes", target=batch, after=facts, at=at)
    rows = batch.codes.order_by("pk").values_list("code", "uses")
    return rows.iterator(chunk_size=DRAW)


def draw_codes() -> int:
    """Draw what is missing of every batch; returns how many codes. Each 2,000 commit together."""
    batches = CodeBatch.objects.unfinished().order_by("pk")
    return sum(_draw_all(pk) for pk in list(batches.values_list("pk", flat=True)))


def _draw_all(batch_id: int) -> int:
    drawn = 0
    while more := _draw_some(batch_id):
        drawn += more
    return drawn


@transaction.atomic
def _draw_some(batch_id: int) -> int:
    """Draw the next codes of a batch. Locks: the batch (0 when another worker holds it)."""
    open_batch = CodeBatch.objects.unfinished().filter(pk=batch_id)
    batch = open_batch.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if batch is None:
        return 0
    wanted = {new_code() for _n in range(min(DRAW, batch.pieces - batch.made))}
    CouponCode.objects.bulk_create(
        [CouponCode(batch=batch, code=code) for code in sorted(wanted)], ignore_conflicts=True
    )
    made = CouponCode.objects.filter(batch=batch, code__in=wanted).count()
    batch.made += made
    batch.save(update_fields=["made"])
    return made


@transaction.atomic
def redeem_code(
    *,
    code: str,
    member_id: int,
    at: datetime,
    channel: str = "",
    footprint: Footprint | None = None,
) -> CouponGrant:
    """Give the member the coupon of a code; ``channel`` is the group whose link brought them.

    Locks: origins (see guarding), the new grant, the code, the coupon. Raises: CodeUnknown,
    CodeUsedUp, DeedRefused and what a claim raises of a coupon that is not given out. Emits: one
    CouponClaimed.
    """
    found = _valid(code, at)
    coupon = found.batch.coupon
    tier = Member.objects.values_list("tier__code", flat=True).get(pk=member_id)
    check_open(coupon, at, tier)
    if footprint is not None:
        guard_deed(redeem_attempt(coupon, member_id, footprint, at))
    source = Source(CODE, f"{found.batch_id}:{found.pk}", clean_channel(channel))
    grant = give_one(coupon, member_id, source=source, at=at)
    left = CouponCode.objects.with_left().filter(pk=found.pk)
    if not left.update(uses=F("uses") + 1):
        raise CodeUsedUp
    count_pieces(coupon, 1)
    publish(CouponClaimed(coupon_id=coupon.pk, grant_id=grant.pk, member_id=member_id, at=at))
    return grant


def redeem_attempt(
    coupon: Coupon | None, member_id: int, footprint: Footprint, at: datetime
) -> Attempt:
    """A redemption, as the limits of deeds see it."""
    return Attempt(
        deed=Deed.REDEEM,
        subject=f"coupon:{coupon.pk}" if coupon else "code",
        member_id=member_id,
        at=at,
        footprint=footprint,
        is_first_order=coupon is not None and coupon.is_first_order,
    )


def clean_channel(text: str) -> str:
    """A channel as links name it: letters, digits, - and _; anything else counts as none."""
    return text if CHANNEL.fullmatch(text) else ""


def _valid(code: str, at: datetime) -> CouponCode:
    typed = "".join(code.split()).upper()
    if not WORD.fullmatch(typed):
        raise CodeUnknown
    found = CouponCode.objects.select_related("batch__coupon").filter(code=typed).first()
    if found is None or found.batch.is_stopped:
        raise CodeUnknown
    if not found.batch.starts_at <= at < found.batch.ends_at:
        raise CodeUnknown
    if found.uses >= found.most:
        raise CodeUsedUp
    return found


def _check_batch(batch: CodeBatch, at: datetime, word: str) -> None:
    if batch.coupon.ends_at <= at or batch.ends_at <= at:
        raise CampaignNotReady(title=batch.coupon.title_zh, reason=_("it is already over"))
    if not 0 < batch.pieces <= MOST_CODES:
        raise InvalidInput(field="pieces", allowed=_("1 to 1,000,000"))
    if batch.ends_at <= batch.starts_at:
        raise InvalidInput(field="ends_at", allowed=_("an end after the beginning"))
    if word and not (batch.shape == SHARED and WORD.fullmatch(word.upper())):
        raise InvalidInput(field="word", allowed=_("6 to 32 letters and digits, of a shared code"))
