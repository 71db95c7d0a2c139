"""The ladder of tiers as pages show it: perks as words, thresholds as people say them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from mall.kernel.money import yuan
from members.models import Member, Tier
from members.presenting import standing_dict, tier_dict

YUAN_FEN = 100


def standing_shape(member: Member, ladder: Sequence[Tier]) -> dict[str, Any]:
    """``tier`` of docs/pages.md: where the member stands, what comes next."""
    shape = standing_dict(member, list(ladder))
    above = shape["next"]
    return {**shape, "next": above and {**above, "perks": listed(above["perks"])}}


def step_shape(row: Tier, member: Member) -> dict[str, Any]:
    """One step of the ladder."""
    shape = tier_dict(row)
    return {
        **shape,
        "perks": [perk["label"] for perk in shape["perks"]],
        "from": threshold(row.threshold_fen),
        "current": row.pk == member.tier_id,
    }


def listed(perks: Sequence[dict[str, str]]) -> str:
    """Perks in one breath."""
    return _(", ").join(perk["label"] for perk in perks)


def threshold(fen: int) -> str:
    """What a tier asks for; one fen above a round sum is said as more than that sum."""
    if not fen:
        return _("on joining")
    if fen < YUAN_FEN:
        return _("with the first order")
    over = fen % YUAN_FEN == 1
    growth = yuan(fen - over).removesuffix(".00")
    words = _("over %(growth)s") if over else _("from %(growth)s")
    return words % {"growth": growth}
