"""The checkout desk: what the shopper chose, the quote for it, and everything its page shows."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.crypto import get_random_string

from inventory.models import Store
from inventory.presenting import arrival_dict, store_dict
from mall.kernel.errors import NotFound, ShopError
from mall.storefront.assurances import assurances
from mall.storefront.basket import by_shop, shop_freights
from mall.storefront.forms import MOST_PIECES, CheckoutForm, WholeField
from members.models import Address, Member
from members.presenting import address_dict
from members.selectors import addresses
from orders.errors import PointsNotInUnits, PointsOverCap, Undeliverable
from orders.models import Order
from orders.presenting import quote_dict
from orders.selectors import (
    arrival_of_quote,
    pickup_choices,
    return_days,
    warranty_on_offer,
)
from orders.services import (
    Ask,
    CartOwner,
    Quoted,
    Wanted,
    clean_source,
    quote,
    selected_lines,
)
from promotions.engine import Offer
from promotions.errors import CouponNotUsable
from promotions.selectors import offer_named

TOKEN_LENGTH = 32
EXPLAINED = frozenset({"coupons"})
COUPON, GIFT = "coupon", "gift_"
MOST_REPAIRS = 4

Shape = dict[str, Any]


def whole(text: str | None, biggest: int | None = None) -> int | None:
    """A positive whole number of a form; None for anything else."""
    field = WholeField(required=False, **({"biggest": biggest} if biggest else {}))
    try:
        return field.clean(text)
    except ValidationError:
        return None


def fields(data: QueryDict, start: str) -> dict[str, str]:
    """The fields of a form whose names begin alike."""
    return {name: str(data[name]) for name in data if name.startswith(start)}


@dataclass(frozen=True, slots=True)
class Choice:
    """What stands in the checkout's form; ``sku_id`` None means the cart.

    ``coupons`` is a coupon's id, or none, by the name of its group's field; empty: not said yet.
    ``offer`` is the activity it is bought in, kind:id[:reference]; ``gift_skus`` the gifts chosen.
    """

    sku_id: int | None
    quantity: int
    address_id: int | None
    coupons: Mapping[str, str]
    points: int
    token: str
    offer: str = ""
    gift_skus: frozenset[int] = frozenset()
    source: str = ""
    is_collected: bool = False
    store_id: int | None = None

    @classmethod
    def read(cls, data: QueryDict) -> "Choice":
        """The choice of an address or a sent form; what is not well formed is left open."""
        return cls(
            sku_id=whole(data.get("sku_id")),
            quantity=whole(data.get("quantity"), MOST_PIECES) or 1,
            address_id=whole(data.get("address_id")),
            coupons=fields(data, COUPON),
            points=whole(data.get("points")) or 0,
            token=data.get("token") or get_random_string(TOKEN_LENGTH),
            offer=data.get("offer", ""),
            gift_skus=frozenset(filter(None, map(whole, fields(data, GIFT).values()))),
            source=clean_source(data.get("source")),
            is_collected=data.get("delivery") == Order.Delivery.PICKUP,
            store_id=whole(data.get("store_id")),
        )

    @property
    def wanted(self) -> tuple[Wanted, ...] | None:
        """The one SKU that is bought past the cart, None for the cart. Raises: NotFound."""
        if not self.sku_id:
            return None
        return (Wanted(self.sku_id, self.quantity, self.named_offer, self.source),)

    @property
    def named_offer(self) -> Offer | None:
        """The activity that the form names. Raises: NotFound for one that does not exist."""
        if not self.offer:
            return None
        kind, _colon, rest = self.offer.partition(":")
        identity, _colon, team = rest.partition(":")
        return offer_named(kind=kind, identity=identity, team=team)

    @property
    def grant_ids(self) -> tuple[int, ...]:
        """The chosen coupons, at most one of a group."""
        return tuple(grant_id for text in self.coupons.values() if (grant_id := whole(text)))

    @property
    def kept(self) -> list[tuple[str, int | str]]:
        """What the form carries on of a purchase past the cart."""
        if not self.sku_id:
            return []
        more = [("offer", self.offer), ("source", self.source)]
        said = [(name, value) for name, value in more if value]
        return [("sku_id", self.sku_id), ("quantity", self.quantity), *said]


def desk_context(
    request: HttpRequest,
    member: Member,
    form: CheckoutForm,
    at: datetime,
    *,
    seen_fen: int | None = None,
) -> Shape:
    """All keys of ``orders/checkout.html``. ``seen_fen`` is the total that was shown before.

    Raises: NothingSelected and what else makes a basket impossible to order.
    """
    choice = Choice.read(request.POST if request.method == "POST" else request.GET)
    book = addresses(member.pk)
    address = next((row for row in book if row.pk == choice.address_id), book[0] if book else None)
    wanted = wanted_of(choice, member, at)
    pickup = pickup_shape(choice, wanted)
    store = pickup and pickup["store"]
    quoted, problems = priced(choice, wanted, member, store or address, at)
    region_code = address.region_code if address and not store else None
    arrival = arrival_dict(arrival_of_quote(quoted, region_code, at), at)
    shape = {**quote_dict(quoted), "promise": arrival and arrival["text"]}
    days = return_days(quoted.skus[line.sku_id].category_path for line in quoted.quote.lines)
    return {
        "assurances": assurances(
            shape, return_days=days, arrival=arrival, warranty=warranty_of(quoted, at)
        ),
        "pickup": pickup,
        "can_place": bool(store or address),
        "lines": line_shapes(shape),
        "quote": shape,
        "problems": problems,
        "addresses": [address_dict(row) for row in book],
        "address": address and address_dict(address),
        "grants": grants(shape),
        "form": form,
        "kept": choice.kept,
        "token": choice.token,
        "changed": changed(seen_fen, shape["payable_fen"]),
    }


def warranty_of(quoted: Quoted, at: datetime) -> Mapping[str, Any] | None:
    """What everything that is paid for comes with."""
    facts = (quoted.skus[line.sku_id] for line in quoted.quote.lines)
    return warranty_on_offer(((one.product_id, one.category_path) for one in facts), at)


def wanted_of(choice: Choice, member: Member, at: datetime) -> tuple[Wanted, ...]:
    """What is bought: the one SKU, or the selected lines of the cart. Raises: NothingSelected."""
    return choice.wanted or tuple(
        Wanted(line.sku_id, line.quantity)
        for line in selected_lines(CartOwner(member_id=member.pk), at=at)
    )


def pickup_shape(choice: Choice, wanted: Iterable[Wanted]) -> Shape | None:
    """The stores to choose from and the chosen one; None where nothing can be fetched. Queries: 2
    at most, none in an activity, whose goods are sent."""
    if choice.offer:
        return None
    pieces = Counter[int]()
    for line in wanted:
        pieces[line.sku_id] += line.quantity
    options = pickup_choices(pieces)
    if not options:
        return None
    chosen = next((one.store for one in options if one.store.pk == choice.store_id), None)
    return {
        "stores": [{**store_dict(one.store), "has_all": one.has_all} for one in options],
        "store": (chosen or options[0].store) if choice.is_collected else None,
    }


def priced(
    choice: Choice,
    wanted: tuple[Wanted, ...],
    member: Member,
    place: Address | Store | None,
    at: datetime,
) -> tuple[Quoted, list[str]]:
    """The quote of a choice, and what of the choice had to be let go to get one."""
    ask = Ask(
        wanted=wanted,
        region_code=place.region_code if place else None,
        is_collected=isinstance(place, Store),
        coupon_grant_ids=choice.grant_ids,
        auto_coupons=not choice.coupons.keys(),
        points=choice.points,
        gift_skus=choice.gift_skus,
        explain=EXPLAINED,
    )
    problems: list[str] = []
    for _n in range(MOST_REPAIRS):
        try:
            found = quote(ask=ask, member_id=member.pk, at=at)
        except REPAIRABLE as error:
            ask = repaired(ask, error)
            problems += [] if isinstance(error, PointsOverCap) else [told(error)]
        else:
            return found, problems
    raise AssertionError("every repair takes one wish away")


REPAIRABLE = (PointsOverCap, PointsNotInUnits, CouponNotUsable, NotFound, Undeliverable)


def repaired(ask: Ask, error: ShopError) -> Ask:
    """The same wish without what cannot be had."""
    if isinstance(error, PointsOverCap):
        most = int(str(error.facts["max_points"]))
        return replace(ask, points=most if most < ask.points else 0)
    if isinstance(error, PointsNotInUnits):
        return replace(ask, points=0)
    if isinstance(error, Undeliverable):
        return replace(ask, region_code=None)
    if ask.coupon_grant_ids:
        return replace(ask, coupon_grant_ids=(), auto_coupons=True)
    raise error


def told(error: ShopError) -> str:
    """A foreign coupon is as unusable as a used one."""
    return str(CouponNotUsable()) if isinstance(error, NotFound) else str(error)


def line_shapes(shape: Shape) -> list[Shape]:
    """The lines of a Quote as the page's list shows them; those of several shops shop by shop, the
    first of each with its shop's head."""
    shops = by_shop(shape["lines"])
    if len(shops) < 2:
        return [line_shape(line) for line in shape["lines"]]
    freights = shop_freights(shape)
    found = []
    for shop_id, own in shops.items():
        head = {**own[0]["shop"], "freight_fen": freights.get(shop_id)}
        found += [{**line_shape(own[0]), "shop": head}, *map(line_shape, own[1:])]
    return found


def line_shape(line: Shape) -> Shape:
    """One line of the Quote as the page's list shows it."""
    product = {"name": line["title"], "image": line["image"]}
    shown = {"product": product, "options": line["options"], "quantity": line["quantity"]}
    return {**shown, "priced": line}


def grants(shape: Shape) -> Shape:
    """Coupons that fit, the best first, and those that do not, with their reasons."""
    usable = sorted(shape["usable_coupons"] or (), key=lambda grant: -grant["off_fen"])
    chosen = shape["coupon_grant_ids"]
    groups: dict[str, list[Shape]] = {}
    for grant in usable:
        groups.setdefault(grant["group"], []).append(with_instants(grant))
    return {
        "groups": [_group(name, rows, chosen) for name, rows in groups.items()],
        "unusable": [with_instants(grant) for grant in shape["unusable_coupons"] or ()],
        "chosen_ids": chosen,
    }


def _group(name: str, rows: list[Shape], chosen: Collection[int]) -> Shape:
    """Coupons of which one is used: the field of the form, and the one that is chosen."""
    mine = [grant["id"] for grant in rows if grant["id"] in chosen]
    field = f"{COUPON}_{name}" if name else COUPON
    return {"field": field, "usable": rows, "chosen_id": mine[0] if mine else None}


def with_instants(grant: Mapping[str, Any]) -> Shape:
    """A grant of api.md whose instants templates can write."""
    instants = {
        name: datetime.fromisoformat(value) if isinstance(value := grant[name], str) else value
        for name in ("starts_at", "ends_at")
    }
    return {**grant, **instants}


def changed(seen_fen: int | None, now_fen: int) -> Shape | None:
    """What to say when the total is not the one that was shown."""
    if seen_fen is None or seen_fen == now_fen:
        return None
    return {"old_fen": seen_fen, "new_fen": now_fen}
