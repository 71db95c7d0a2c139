"""赠品 the way a quote tells of them. A gift has no price step: orders write it as its own line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class GiftOption:
    """One of the gifts a shopper may choose. ``value_fen`` is the declared value of a piece;
    ``available`` whether the whole of it could be given now."""

    sku_id: int
    value_fen: int
    available: bool


@dataclass(frozen=True, slots=True)
class GiftLine:
    """A gift that comes with the lines in ``line_keys``; ``choices`` are all there were."""

    kind: str
    rule_id: int
    version: int
    sku_id: int
    quantity: int
    value_fen: int
    line_keys: tuple[str, ...]
    choices: tuple[GiftOption, ...]
    label_params: Mapping[str, int | str]


class GiftNoticeCode(StrEnum):
    """What went otherwise than the shopper wanted. Frozen: clients switch on these."""

    SUBSTITUTED = "gift_substituted"
    REDUCED = "gift_reduced"
    SOLD_OUT = "gift_sold_out"


@dataclass(frozen=True, slots=True)
class GiftNotice:
    """A warning about a gift: the one wanted and the one given (None: none is left)."""

    rule_id: int
    code: GiftNoticeCode
    wanted_sku_id: int
    given_sku_id: int | None
    line_keys: tuple[str, ...]
    label_params: Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Gifts:
    """All gifts of a basket and what there is to say about them."""

    lines: tuple[GiftLine, ...] = ()
    notices: tuple[GiftNotice, ...] = ()


NO_GIFTS = Gifts()
