"""What is known of one attempt to pay, counted from rows that are there, in two statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, Q, Subquery, Sum, Value
from django.db.models.functions import JSONObject

from mall.kernel.db import Prepared
from members.models import Proof, SignIn
from orders.models import Order, OrderLine, Payment, RiskBlock, RiskDecision, RiskPolicy
from orders.risk import Facts
from orders.services.risk.places import Footprint, doorstep, network, public_ip
from promotions.models import CouponGrant

SETTLED_IN = timedelta(days=1)
"""A place counts as known once the member was there the day before."""
Kind = RiskBlock.Kind
POLICY_FIELDS = tuple(field.name for field in RiskPolicy._meta.local_concrete_fields)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts of an attempt, but what a service outside says; and whether a code was given."""

    facts: Facts
    is_proved: bool


class Sought(NamedTuple):
    """An attempt as what its facts are sought by: everything stands in the statement as a value.
    Device, network and the account's phone are None where they say nothing."""

    order_id: int
    number: str
    member_id: int
    member_key: str
    account_id: int
    phone: str
    own_phone: str | None
    address: str
    device: str | None
    ip: str | None
    small_fen: int
    small_since: datetime
    shared_since: datetime
    burst_since: datetime
    settled_until: datetime
    at: datetime


def payable_order(number: str, member_id: int) -> tuple[Order, RiskPolicy] | None:
    """An unpaid own order with its member and account, and the policy that judges it; None when
    there is nothing to judge. Queries: 1."""
    order: Any = _payable.one(number=number, member_id=member_id)
    if order is None or order.risk_policy is None:
        return None
    return order, RiskPolicy(**order.risk_policy)


@Prepared
def _payable(*, number: str, member_id: int) -> Any:
    policy = RiskPolicy.objects.filter(pk=1, is_on=True)
    values = JSONObject(**{name: name for name in POLICY_FIELDS})
    return (
        Order.objects.of_member(member_id)
        .select_related("member__account")
        .annotate(risk_policy=Subquery(policy.values(values=values)))
        .filter(number=number, status=Order.Status.UNPAID)
    )


def gather(order: Order, footprint: Footprint, policy: RiskPolicy, at: datetime) -> Gathered:
    """Count everything about an order of `payable_order`. Queries: 1."""
    sought = _sought(order, footprint, policy, at)
    row = _told.one(bool(order.offer_kind), **sought._asdict())
    shared = row["shared"]
    facts = Facts(
        small_payments=row["small_payments"],
        is_strange=_is_strange(footprint, row["known_ips"], was_on_device=row["was_on_device"]),
        members_on_device=shared["on_device"] + 1 if sought.device else 0,
        members_at_ip=shared["at_ip"] + 1 if sought.ip else 0,
        members_with_coupons=shared["with_coupons"] + 1 if row["uses_coupon"] else 0,
        orders_in_burst=shared["in_burst"] + 1,
        most_pieces=row["most_pieces"] or 0,
        is_blocked=row["is_blocked"],
    )
    return Gathered(facts, row["is_proved"])


def _sought(order: Order, footprint: Footprint, policy: RiskPolicy, at: datetime) -> Sought:
    assert order.member is not None, "imported orders are not paid here"
    return Sought(
        order_id=order.pk,
        number=order.number,
        member_id=order.member.pk,
        member_key=str(order.member.pk),
        account_id=order.member.account_id,
        phone=order.receiver_phone,
        own_phone=order.member.account.phone or None,
        address=doorstep(order.region_code, order.address_detail),
        device=footprint.device or None,
        ip=public_ip(footprint.ip) or None,
        small_fen=policy.small_fen,
        small_since=at - timedelta(minutes=policy.small_minutes),
        shared_since=at - timedelta(days=policy.shared_days),
        burst_since=at - timedelta(minutes=policy.burst_minutes),
        settled_until=at - SETTLED_IN,
        at=at,
    )


@Prepared
def _told(in_activity: bool, **named: Any) -> Any:
    """All facts of an order as columns of its row."""
    sought = Sought(**named)
    proofs = Proof.objects.good_for(sought.account_id, Proof.Deed.PAY, sought.at, sought.number)
    return Order.objects.filter(pk=sought.order_id).values(
        shared=_shared(sought),
        uses_coupon=Exists(CouponGrant.objects.filter(order_number=sought.number)),
        small_payments=_small_payments(sought),
        most_pieces=_most_pieces(sought),
        is_blocked=Exists(_blocks(sought, in_activity)),
        is_proved=Exists(proofs),
        **_known_places(sought),
    )


def _over(rows: Any, said: Any) -> Subquery:
    """One aggregate over all of ``rows``, as a column of another statement."""
    return Subquery(rows.order_by().values(one=Value(1)).annotate(said=said).values("said"))


def _small_payments(sought: Sought) -> Subquery:
    """Payments below the limit that the member began lately, this order's apart."""
    mine = Payment.objects.filter(order__member=sought.member_id, created_at__gt=sought.small_since)
    small = mine.filter(amount_fen__lt=sought.small_fen, amount_fen__gt=0)
    return _over(small.exclude(order=sought.order_id), Count("pk"))


def _shared(sought: Sought) -> Subquery:
    """Who else paid on this device, from this network, for this doorstep; this member and this
    order apart."""
    places = Q(address=sought.address)
    on_device, at_ip = Q(pk__in=()), Q(pk__in=())
    if sought.device:
        on_device = Q(device=sought.device)
        places |= on_device
    if sought.ip:
        at_ip = Q(ip=sought.ip)
    others = ~Q(member=sought.member_id)
    lately = Q(at__gt=sought.burst_since) & ~Q(order=sought.order_id)
    rows = RiskDecision.objects.filter(
        places | at_ip, at__gt=sought.shared_since, at__lte=sought.at
    )
    return _over(
        rows,
        JSONObject(
            on_device=Count("member", filter=on_device & others, distinct=True),
            at_ip=Count("member", filter=at_ip & others, distinct=True),
            with_coupons=Count(
                "member", filter=places & others & Q(used_coupon=True), distinct=True
            ),
            in_burst=Count("order", filter=places & lately, distinct=True),
        ),
    )


def _known_places(sought: Sought) -> dict[str, Any]:
    """Where the member came from until the day before, and whether on this device."""
    until = sought.settled_until
    known = SignIn.objects.filter(account=sought.account_id, began_at__lt=until)
    seen = RiskDecision.objects.filter(member=sought.member_id, at__lt=until)
    return {
        "known_ips": ArraySubquery(known.order_by().values("client_ip").distinct()),
        "was_on_device": Exists(seen.filter(device=sought.device))
        if sought.device
        else Value(False),
    }


def _is_strange(
    footprint: Footprint, known_ips: Iterable[str | None], *, was_on_device: bool
) -> bool | None:
    """A network and a device that the member never came from; None when there is nothing to
    compare with."""
    here = network(footprint.ip)
    places = {network(ip) for ip in known_ips if ip} - {""}
    if not here or not places:
        return None
    return here not in places and not was_on_device


def _most_pieces(sought: Sought) -> Subquery:
    by_sku = OrderLine.objects.filter(order=sought.order_id).order_by().values("sku")
    return Subquery(by_sku.annotate(n=Sum("quantity")).order_by("-n").values("n")[:1])


def _blocks(sought: Sought, in_activity: bool) -> Any:
    """What of the blacklist refuses every order from here; activities were asked at placement."""
    met = Q(kind=Kind.MEMBER, key=sought.member_key) | Q(kind=Kind.ADDRESS, key=sought.address)
    met |= Q(kind=Kind.PHONE, key=sought.phone)
    if sought.own_phone:
        met |= Q(kind=Kind.PHONE, key=sought.own_phone)
    if sought.device:
        met |= Q(kind=Kind.DEVICE, key=sought.device)
    if sought.ip:
        met |= Q(kind=Kind.IP, key=sought.ip)
    scopes = [RiskBlock.Scope.ALL]
    if in_activity:
        scopes.append(RiskBlock.Scope.ACTIVITIES)
    return RiskBlock.objects.holding(sought.at).filter(met, scope__in=scopes)
