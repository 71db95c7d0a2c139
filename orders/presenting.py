"""Dicts of api.md out of quotes, carts and orders: one language, no query. API and pages share
them.

Instants stay datetimes, cut to the second; the door that sends JSON writes them as ISO 8601 UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from catalog import presenting as catalog_presenting
from inventory.presenting import store_dict
from mall.kernel.words import localized
from orders import words
from orders.after_sales_presenting import after_sale_dict as after_sale_dict
from orders.after_sales_presenting import can_ask, line_can_ask
from orders.after_sales_presenting import case_link as case_link
from orders.after_sales_presenting import line_facts as line_facts
from orders.after_sales_presenting import preview_dict as preview_dict
from orders.after_sales_presenting import sku_words as sku_words
from orders.models import (
    Order,
    OrderHistory,
    OrderLine,
    Payment,
    Shipment,
)
from orders.pickup_codes import code_of
from orders.shop_freights import shop_freights
from orders.voices_presenting import answer_dict as answer_dict
from orders.voices_presenting import question_dict as question_dict
from orders.voices_presenting import review_dict as review_dict
from orders.voices_presenting import show_dict as show_dict
from orders.voices_presenting import upload_dict as upload_dict
from orders.words import CANCEL_REASONS as CANCEL_REASONS
from orders.words import provider_title as provider_title
from promotions import engine
from promotions.presenting import grant_dict

if TYPE_CHECKING:  # verbs show what they refuse, so this room imports no verb at run time
    from catalog.selectors import ShopFacts
    from orders.selectors import CartLineView, CartView
    from orders.services.quoting import Quoted
    from orders.services.rebuying import Rebuy


def quote_dict(quoted: Quoted) -> dict[str, Any]:
    """The Quote of api.md; what was not asked for is None."""
    priced = quoted.quote
    return {
        "lines": [
            *[_quote_line(line, quoted) for line in priced.lines],
            *[{**_quote_line(line, quoted), "is_gift": True} for line in quoted.gift_lines],
        ],
        "goods_fen": priced.goods_fen + quoted.gifts_fen,
        "discount_fen": priced.discount_fen + quoted.gifts_fen,
        "freight_fen": priced.freight_fen,
        "freight": {
            **_freight(priced.freight),
            "shops": _shop_freights(shop_freights(priced.freight, quoted.skus.values())),
        },
        "points": {
            "max": priced.points.max,
            "used": priced.points.used,
            "amount_fen": priced.points.amount_fen,
            "earned": priced.points.earned,
            "worth_fen": quoted.points_worth_fen,
        },
        "payable_fen": priced.payable_fen,
        "pay_now_fen": priced.pay_now_fen,
        "currency": "CNY",
        "promise": None,
        "warnings": [_gift_warning(notice) for notice in priced.gift_notices],
        "gift_choices": [_gift_choices(gift, quoted) for gift in priced.gifts],
        **_coupons(quoted),
        "near_offers": _near_offers(quoted.near_offers),
        "coupon_grant_ids": list(priced.coupon_grant_ids),
        "quote_hash": quoted.quote_hash,
        "valid_until": _instant(priced.valid_until),
    }


def _quote_line(line: engine.QuoteLine, quoted: Quoted) -> dict[str, Any]:
    facts = quoted.skus[line.sku_id]
    return {
        "sku_id": line.sku_id,
        "product_id": facts.product_id,
        "title": localized(facts, "title"),
        "options": catalog_presenting.options(facts),
        "image": catalog_presenting.sku_image(facts),
        "shop": _shop(facts.shop),
        "parts": catalog_presenting.parts(facts.parts),
        "quantity": line.quantity,
        "is_gift": False,
        "list_fen": line.list_fen,
        "payable_fen": line.payable_fen,
        "steps": [_step(step.as_json()) for step in line.steps],
        "why_not": None
        if quoted.why_not is None
        else [_why_not(answer) for answer in quoted.why_not.get(line.key, ())],
    }


def _gift_warning(notice: engine.GiftNotice) -> dict[str, Any]:
    """A gift that is sold out, replaced or fewer than promised, in words."""
    return {
        "code": notice.code.value,
        "source_id": notice.rule_id,
        "label": words.gift_notice(notice.code.value),
    }


def _gift_choices(gift: engine.GiftLine, quoted: Quoted) -> dict[str, Any]:
    """The gifts one may choose from."""
    return {
        "source_id": gift.rule_id,
        "label": localized(dict(gift.label_params), "title"),
        "chosen_sku_id": gift.sku_id,
        "options": [
            {
                "sku_id": option.sku_id,
                "title": localized(quoted.skus[option.sku_id], "title"),
                "image": catalog_presenting.sku_image(quoted.skus[option.sku_id]),
                "value_fen": option.value_fen,
                "available": option.available,
            }
            for option in gift.choices
            if option.sku_id in quoted.skus
        ],
    }


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "lane": step["lane"],
        "kind": step["kind"],
        "source_id": step["source_id"],
        "label": words.label(step["label_code"], step["label_params"]),
        "amount_fen": step["amount_fen"],
    }


def _why_not(answer: engine.WhyNot) -> dict[str, Any]:
    return {
        "kind": answer.kind,
        "source_id": answer.source_id,
        "label": words.label(answer.label_code, answer.label_params),
        "reason_code": answer.reason.value,
        "reason": words.reason(answer.reason.value, answer.facts),
    }


def _freight(freight: engine.FreightQuote) -> dict[str, Any]:
    return {
        "base_fen": freight.base_fen,
        "template": " + ".join(localized(fee, "title") for fee in freight.fees) or None,
        "reason_code": freight.reason.value,
        "reason": words.freight_reason(freight.reason.value),
        "steps": [_step(step.as_json()) for step in freight.steps],
    }


def _shop(shop: ShopFacts) -> dict[str, Any]:
    return {"id": shop.id, "title": localized(shop, "title")}


def _shop_freights(parts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What each shop takes for its parcels (X-57)."""
    return [
        {
            "id": part["id"],
            "title": localized(part, "title"),
            "base_fen": part["base_fen"],
            "freight_fen": part["freight_fen"],
        }
        for part in parts
    ]


def _coupons(quoted: Quoted) -> dict[str, Any]:
    if quoted.verdicts is None:
        return {"usable_coupons": None, "unusable_coupons": None}
    grants = quoted.grants or {}
    usable, unusable = [], []
    for verdict in quoted.verdicts:
        grant = grants.get(verdict.coupon.grant_id)
        if grant is None:
            continue
        shape = grant_dict(grant)
        if verdict.usable:
            usable.append({**shape, "off_fen": verdict.off_fen, "group": verdict.coupon.group})
        elif verdict.reason is not None:
            code = verdict.reason.value
            why = {"reason_code": code, "reason": words.reason(code, verdict.facts)}
            unusable.append({**shape, **why})
    return {"usable_coupons": usable, "unusable_coupons": unusable}


def _near_offers(offers: Iterable[engine.NearOffer] | None) -> list[dict[str, Any]] | None:
    if offers is None:
        return None
    return [
        {
            "kind": offer.kind,
            "source_id": offer.source_id,
            "label": words.label(offer.label_code, offer.label_params),
            "missing_fen": offer.missing_fen,
            "missing_pieces": offer.missing_pieces,
            "off_fen": offer.off_fen,
        }
        for offer in offers
    ]


def cart_dict(view: CartView, *, token: str | None = None) -> dict[str, Any]:
    """The cart of api.md. ``token`` is told once, to the guest whose cart was just made."""
    return {
        "token": token,
        "lines": [_cart_line(line) for line in view.lines],
        "quote": None if view.quoted is None else quote_dict(view.quoted),
    }


def _cart_line(line: CartLineView) -> dict[str, Any]:
    facts = line.facts
    image = catalog_presenting.sku_image(facts)
    own = {"price_fen": line.price_fen, "price_to_fen": line.price_fen, "image": image}
    product = catalog_presenting.card(line.card) if line.card else {"id": facts.product_id}
    return {
        "id": line.id,
        "sku_id": facts.id,
        "quantity": line.quantity,
        "selected": line.is_selected,
        "shop": _shop(facts.shop),
        "product": {
            **product,
            **own,
            "list_price_fen": facts.list_price_fen,
            "in_stock": line.available > 0,
        },
        "options": catalog_presenting.options(facts),
        "parts": catalog_presenting.parts(facts.parts),
        "invalid": line.invalid,
        "available": line.available,
        "price_fen": line.price_fen,
        "list_price_fen": facts.list_price_fen,
        "added_price_fen": line.added_price_fen,
    }


def order_dict(order: Order, *, at: datetime) -> dict[str, Any]:
    """The Order of api.md, from one that `selectors.order` or `place_order` gave. No query."""
    return {
        "number": order.number,
        "status": order.status,
        "stage": order.stage or None,
        "close_reason": order.close_reason or None,
        "status_label": words.status(order),
        "placed_at": _instant(order.placed_at),
        "expires_at": _instant(order.expires_at) if order.status == Order.Status.UNPAID else None,
        "paid_at": _instant(order.paid_at),
        "shipped_at": _instant(order.shipped_at),
        "received_at": _instant(order.received_at),
        "completed_at": _instant(order.completed_at),
        "closed_at": _instant(order.closed_at),
        "lines": [_order_line(line, order) for line in order.lines.all()],
        **_amounts(order),
        "address": _address(order),
        "delivery": order.delivery,
        "pickup": _pickup(order),
        "note": order.note or None,
        "invoice": order.invoice,
        "shipments": [shipment_dict(shipment) for shipment in order.shipments.all()],
        "payments": [payment_dict(payment) for payment in order.payments.all()],
        "timeline": _timeline(order.history.all()),
        "can": deeds_open(order, at),
    }


def _amounts(order: Order) -> dict[str, Any]:
    code = "charged" if order.freight_fen else "free"
    return {
        "goods_fen": order.goods_fen,
        "discount_fen": order.discount_fen,
        "freight_fen": order.freight_fen,
        "freight": {
            "base_fen": order.freight_base_fen,
            "template": None,
            "reason_code": code,
            "reason": words.freight_reason(code),
            "steps": [_step(step) for step in order.freight_steps],
            "shops": _shop_freights(order.freight_shops),
        },
        "points_used": order.points_used,
        "points_earned": order.points_earned,
        "payable_fen": order.payable_fen,
        "due_fen": order.due_fen,
        "presale": _presale(order),
        "ships_on": order.ships_on,
        "paid_fen": order.paid_fen,
        "refunded_fen": order.refunded_fen,
    }


def _presale(order: Order) -> dict[str, Any] | None:
    """The two legs of a presale, None for an order that is paid at once."""
    if not order.deposit_fen:
        return None
    return {
        "deposit_fen": order.deposit_fen,
        "balance_fen": order.payable_fen - order.deposit_fen,
        "balance_from": _instant(order.balance_from),
        "balance_until": _instant(order.balance_until),
        "deposit_comes_back": order.deposit_comes_back,
    }


def _order_line(line: OrderLine, order: Order) -> dict[str, Any]:
    return {
        "id": line.pk,
        "sku_id": line.sku_id,
        "product_id": line.product_id,
        "title": localized(line, "title"),
        "options": {
            localized(option, "title"): localized(option, "value") for option in line.options
        },
        "image": catalog_presenting.image(line.image),
        "parts": [catalog_presenting.sold_part(part) for part in line.parts or ()],
        "quantity": line.quantity,
        "is_gift": line.is_gift,
        "list_fen": line.list_fen,
        "payable_fen": line.payable_fen,
        "steps": [_step(vars(step)) for step in line.steps.all()],
        "shipped": line.shipped,
        "refunded": line.refunded,
        "warranty": _warranty(line),
        "can": _line_deeds(line, order),
    }


def _warranty(line: OrderLine) -> dict[str, Any] | None:
    """What covers the line on top; nothing once all of it went back."""
    warranty = getattr(line, "warranty", None)
    if warranty is None or line.refunded >= line.quantity:
        return None
    return {
        "title": localized(warranty, "title"),
        "months": warranty.months,
        "until": warranty.ends_on,
    }


def _line_deeds(line: OrderLine, order: Order) -> list[str]:
    can = [deed for deed in [_review_deed(line, order)] if deed]
    return [*can, "after_sale"] if line_can_ask(line, order) else can


def _review_deed(line: OrderLine, order: Order) -> str:
    """Review it, add to its review once, or nothing."""
    review = getattr(line, "review", None)
    if review is not None:
        can_add = review.is_shown and getattr(review, "append", None) is None
        return "append_review" if can_add else ""
    kept = line.product_id is not None and line.refunded < line.quantity
    return "review" if order.is_received and kept else ""


def _address(order: Order) -> dict[str, Any] | None:
    if not order.receiver_name:
        return None
    return {
        "name": order.receiver_name,
        "phone": order.receiver_phone,
        "region_code": order.region_code,
        "region_names": order.region_names,
        "detail": order.address_detail,
    }


def _pickup(order: Order) -> dict[str, Any] | None:
    """Where the order is fetched; its code is for the buyer of a paid order that waits there."""
    if order.delivery != Order.Delivery.PICKUP:
        return None
    pickup = order.pickup
    is_open = order.status == Order.Status.PAID and pickup.collected_at is None
    return {
        "store": store_dict(pickup.store),
        "code": code_of(pickup) if is_open else None,
        "ready_at": _instant(pickup.ready_at),
        "keep_until": _instant(pickup.keep_until),
        "collected_at": _instant(pickup.collected_at),
    }


def rebuy_dict(rebuy: Rebuy, view: CartView) -> dict[str, Any]:
    """The cart after buying again, and what could not go along."""
    return {
        **cart_dict(view),
        "refused": [
            {
                "title": localized(gone.line, "title"),
                "sku_id": gone.line.sku_id,
                "reason_code": str(gone.reason),
                "reason": words.problem(gone.reason),
            }
            for gone in rebuy.refused
        ],
    }


def problem_text(code: str) -> str:
    """Why a line cannot be ordered, in words."""
    return words.problem(code)


def shipment_dict(shipment: Shipment) -> dict[str, Any]:
    """One parcel: who carries it, what is in it, where it was seen (newest first)."""
    return {
        "number": shipment.number,
        "carrier": words.carrier(shipment.carrier),
        "carrier_code": shipment.carrier_id,
        "tracking_no": shipment.tracking_no,
        "shipped_at": _instant(shipment.shipped_at),
        "signed_at": _instant(shipment.signed_at),
        "lines": [
            {"line_id": part.line_id, "quantity": part.quantity} for part in shipment.lines.all()
        ],
        "events": [
            {
                "at": _instant(trace.at),
                "code": trace.code,
                "label": str(trace.get_code_display()),
                "place": trace.place or None,
                "words": trace.words or None,
            }
            for trace in shipment.traces.all()
        ],
    }


def payment_dict(payment: Payment) -> dict[str, Any]:
    """One payment as its payer may see it."""
    return {
        "payment_no": payment.payment_no,
        "leg": payment.leg,
        "provider": payment.provider,
        "scene": payment.scene,
        "status": payment.status,
        "failure_code": payment.failure_code or None,
        "amount_fen": payment.amount_fen,
        "expires_at": _instant(payment.expires_at),
        "is_surplus": payment.is_surplus,
    }


def _timeline(rows: Iterable[OrderHistory]) -> list[dict[str, Any]]:
    """Newest first."""
    return [
        {"at": _instant(row.at), "code": row.code, "label": words.history(row.code)}
        for row in sorted(rows, key=lambda row: (row.at, row.pk), reverse=True)
    ]


def deeds_open(order: Order, at: datetime) -> list[str]:
    """What the buyer can do with the order now: pay, cancel, confirm, hide or unhide, reorder, ask
    for an after-sale or an invoice."""
    status, states = order.status, Order.Status
    is_open = status == states.UNPAID and order.stage != Order.Stage.CLOSING
    can = []
    if order.is_payable_at(at):
        can.append("pay")
    if is_open or status == states.PAID:
        can.append("cancel")
    if status == states.SHIPPED:
        can.append("confirm")
    if status in (states.CLOSED, states.COMPLETED):
        can.append("unhide" if order.is_hidden else "hide")
    if status != states.UNPAID:
        can.append("reorder")
    if can_ask(order):
        can.append("after_sale")
    if order.invoice is None and order.is_billable:
        can.append("invoice")
    return can


def _instant(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(microsecond=0)
