"""Shapes of after-sales for every door: what comes back in words, and a case with its story."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog import presenting as catalog_presenting
from mall.kernel.money import yuan
from mall.kernel.words import localized
from orders import refunds, words
from orders.models import (
    AfterSale,
    AfterSaleEvent,
    AfterSaleLine,
    Order,
    OrderLine,
    PickupRequest,
)
from orders.voices_presenting import upload_dict

if TYPE_CHECKING:  # as in `orders.presenting`: this room imports no verb at run time
    from catalog.selectors import SkuFacts
    from orders.services.after_sales.facts import Facts
    from promotions.models import CouponGrant

State, Status = AfterSale.State, Order.Status
ASKABLE = (
    Status.PAID,
    Status.PART_SHIPPED,
    Status.SHIPPED,
    Status.RECEIVED,
    Status.COMPLETED,
)
"""When something can be asked about an order at all; each wish has its own days besides."""
STEPS: dict[str, str | Promise] = {
    "requested": gettext_lazy("Asked"),
    "approved": gettext_lazy("Approved, a second person looks at it"),
    "awaiting_return": gettext_lazy("Approved: please send the goods back"),
    "returning": gettext_lazy("Goods on their way back"),
    "corrected": gettext_lazy("Tracking number corrected"),
    "inspected": gettext_lazy("Goods received and inspected"),
    "freight_repaid": gettext_lazy("Freight of the return repaid to the wallet"),
    "refunding": gettext_lazy("Refund sent"),
    "resent": gettext_lazy("Replacement sent"),
    "done": gettext_lazy("Done"),
    "refused": gettext_lazy("Refused"),
    "cancelled": gettext_lazy("Withdrawn"),
    "expired": gettext_lazy("Closed: the goods did not come in time"),
    "supplier_answered": gettext_lazy("The supplier answered"),
}
"""What a row of a case's history says."""
OURS = ("supplier_answered",)
"""Steps between us and others, of which the buyer reads nothing."""


def preview_dict(facts: Facts, answer: refunds.RefundSum) -> dict[str, Any]:
    """What comes back, per line and in words, before the click."""
    return {
        "money_fen": answer.money_fen,
        "goods_fen": answer.goods_fen,
        "freight_fen": answer.freight_fen,
        "gift_charge_fen": answer.gift_charge_fen,
        "points": answer.points_back,
        "coupon_returns": coupon_returns(facts, answer),
        "lines": [
            {
                "line_id": part.line_id,
                "title": localized(facts.line(part.line_id), "title"),
                "quantity": part.quantity,
                "amount_fen": part.entitled_fen,
                "points": part.points_back,
                "is_gift": part.is_gift,
            }
            for part in answer.lines
        ],
        "sentences": sentences(facts, answer),
    }


def sentences(facts: Facts, answer: refunds.RefundSum) -> list[str]:
    """The same in words: money, points, coupon, gifts, freight, each where there is one."""
    money = _("¥%(amount)s go back to where you paid from.") % {"amount": yuan(answer.money_fen)}
    said = [money] if answer.money_fen else []
    if answer.freight_fen:
        said.append(_("Of it ¥%(amount)s is freight.") % {"amount": yuan(answer.freight_fen)})
    if answer.points_back:
        said.append(_("%(points)s points come back.") % {"points": answer.points_back})
    gifts = sum(part.quantity for part in answer.lines if part.is_gift)
    if gifts:
        words = ngettext(
            "%(number)s gift goes along; kept, it is charged at its declared value.",
            "%(number)s gifts go along; kept, they are charged at their declared value.",
            gifts,
        )
        said.append(words % {"number": gifts})
    if answer.gift_charge_fen:
        charge = yuan(answer.gift_charge_fen)
        said.append(_("¥%(amount)s are kept for gifts that stay.") % {"amount": charge})
    said += _coupon_sentences(facts, answer)
    if facts.order.received_at is not None and answer.money_fen:
        said.append(_("Points and growth that these goods brought are taken back."))
    return said or [_("No money moves: the goods are sent again.")]


def coupon_returns(facts: Facts, answer: refunds.RefundSum) -> bool | None:
    """Whether a coupon of the order comes back, None when it used none. As `unlock_grants` judges
    once the last goods are paid back."""
    if not facts.coupons:
        return None
    return answer.is_whole and any(grant.goes_back for grant in facts.coupons)


def _coupon_sentences(facts: Facts, answer: refunds.RefundSum) -> list[str]:
    """What becomes of each coupon; nothing while no money is asked back."""
    if not answer.is_whole and not answer.money_fen:
        return []
    return [_coupon_sentence(grant, is_whole=answer.is_whole) for grant in facts.coupons]


def _coupon_sentence(grant: CouponGrant, *, is_whole: bool) -> str:
    said = {
        "coupon": localized(grant.coupon, "title"),
        "until": timezone.localtime(grant.ends_at).strftime("%Y-%m-%d %H:%M"),
    }
    if not grant.goes_back:
        return _("Coupon “%(coupon)s” is not given back, as its terms say.") % said
    if not is_whole:
        return _("Coupon “%(coupon)s” comes back only once everything is returned.") % said
    return _("Coupon “%(coupon)s” comes back to you, valid until %(until)s.") % said


def after_sale_dict(case: AfterSale) -> dict[str, Any]:
    """The AfterSale of api.md, from one that `selectors.after_sale` gave. No query."""
    return {
        "number": case.number,
        "order_number": case.order.number,
        "kind": case.kind,
        "kind_label": str(case.get_kind_display()),
        "reason_code": case.reason,
        "reason": str(case.get_reason_display()),
        "note": str(words.CANCEL_REASONS.get(case.text, case.text)) or None,
        "state": case.state,
        "state_label": str(case.get_state_display()),
        "requested_at": _instant(case.requested_at),
        "due_at": _instant(case.due_at),
        "closed_at": _instant(case.closed_at),
        "lines": [_line(row) for row in case.lines.all()],
        "money_fen": case.money_fen,
        "goods_fen": case.goods_fen,
        "freight_fen": case.freight_fen,
        "gift_charge_fen": case.gift_charge_fen,
        "points_back": case.points_back,
        "points_taken": case.points_taken,
        "return_freight_fen": case.return_freight_fen,
        "pictures": [upload_dict(upload) for upload in case.pictures.all()],
        "return_parcel": _parcel(case),
        "replacement": _replacement(case),
        "pickup": _pickup(case),
        "timeline": _timeline(list(case.events.all())),
        "can": deeds_of(case),
    }


def can_ask(order: Order) -> bool:
    """True when some piece of the order may still be asked about; from rows in hand. No query."""
    return any(line_can_ask(line, order) for line in order.lines.all())


def line_can_ask(line: OrderLine, order: Order) -> bool:
    """True when some piece of the line may still be asked about. No query."""
    waits = order.status in ASKABLE and order.stage != Order.Stage.GROUPING
    return waits and not line.is_gift and line.quantity > line.refunded + line.refunding


def deeds_of(case: AfterSale) -> list[str]:
    """What the buyer can do with the case now; ``goods_are_here`` is the selector's."""
    can = []
    is_awaited = case.state == State.AWAITING_RETURN and not case.goods_are_here  # type: ignore[attr-defined]
    if case.state == State.REQUESTED or is_awaited:
        can.append("cancel")
    if case.state in (State.AWAITING_RETURN, State.RETURNING):
        can.append("send_back")
    return can


def _line(row: AfterSaleLine) -> dict[str, Any]:
    return {
        **line_facts(row.line),
        "quantity": row.quantity,
        "amount_fen": row.amount_fen,
        "points": row.points_back,
        "is_gift": row.is_gift,
        "exchange_sku_id": row.exchange_sku_id,
        "grades": row.grades or None,
        "missing": _missing(row),
    }


def _missing(row: AfterSaleLine) -> list[dict[str, Any]]:
    """The parts of a bundle that did not come back: their share of the price is kept."""
    titles = {part["sku_id"]: localized(part, "title") for part in row.line.parts or ()}
    return [
        {"sku_id": sku_id, "title": titles[sku_id], "quantity": pieces}
        for sku_id, pieces in row.missing_parts.items()
    ]


def line_facts(line: OrderLine) -> dict[str, Any]:
    """What an order line is, as it was sold."""
    return {
        "line_id": line.pk,
        "product_id": line.product_id,
        "title": localized(line, "title"),
        "options": {
            localized(option, "title"): localized(option, "value") for option in line.options
        },
        "image": catalog_presenting.image(line.image),
    }


def sku_words(facts: SkuFacts) -> str:
    """The chosen options of a SKU, its code where it has none: ``山茶花 · 500ml``."""
    return " · ".join(catalog_presenting.options(facts).values()) or facts.code


def _parcel(case: AfterSale) -> dict[str, Any] | None:
    if not case.tracking_no:
        return None
    return {"carrier": case.carrier, "tracking_no": case.tracking_no}


def case_link(case: AfterSale) -> dict[str, Any]:
    """A case as its order's page names it. No query."""
    return {
        "number": case.number,
        "kind_label": str(case.get_kind_display()),
        "state_label": str(case.get_state_display()),
        "money_fen": case.money_fen,
    }


def _replacement(case: AfterSale) -> dict[str, Any] | None:
    if case.replacement is None:
        return None
    parcel = case.replacement
    return {"carrier": words.carrier(parcel.carrier), "tracking_no": parcel.tracking_no}


def _pickup(case: AfterSale) -> dict[str, Any] | None:
    pickup: PickupRequest | None = getattr(case, "pickup", None)
    if pickup is None:
        return None
    return {
        "day": pickup.day,
        "window": pickup.window,
        "window_label": str(pickup.get_window_display()),
        "state": pickup.state,
        "state_label": str(pickup.get_state_display()),
    }


def _timeline(events: list[AfterSaleEvent]) -> list[dict[str, Any]]:
    """Newest first."""
    return [
        {
            "at": _instant(event.at),
            "code": event.code,
            "label": str(STEPS.get(event.code, event.code)),
            "note": event.note or None,
        }
        for event in sorted(events, key=lambda event: (event.at, event.pk), reverse=True)
        if event.code not in OURS
    ]


def _instant(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(microsecond=0)
