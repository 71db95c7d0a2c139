"""What is known of one attempt to pay, counted from rows that are there, in two statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, Q, Subquery, Sum, Value
from django.db.models.functions import JSONObject

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


def payable_order(number: str, member_id: int) -> tuple[Order, RiskPolicy] | None:
    """An unpaid own order with its member and account, and the policy that judges it; None when
    there is nothing to judge. Queries: 1."""
    policy = RiskPolicy.objects.filter(pk=1, is_on=True)
    values = JSONObject(**{name: name for name in POLICY_FIELDS})
    order: Any = (
        Order.objects.of_member(member_id)
        .select_related("member__account")
        .annotate(risk_policy=Subquery(policy.values(values=values)))
        .filter(number=number, status=Order.Status.UNPAID)
        .first()
    )
    if order is None or order.risk_policy is None:
        return None
    return order, RiskPolicy(**order.risk_policy)


def gather(order: Order, footprint: Footprint, policy: RiskPolicy, at: datetime) -> Gathered:
    """Count everything about an order of `payable_order`. Queries: 1."""
    assert order.member is not None, "imported orders are not paid here"
    ip, address = public_ip(footprint.ip), doorstep(order.region_code, order.address_detail)
    proofs = Proof.objects.good_for(order.member.account_id, Proof.Deed.PAY, at, order.number)
    told: Any = Order.objects.filter(pk=order.pk).values(
        shared=_shared(order, policy, at, device=footprint.device, ip=ip, address=address),
        uses_coupon=Exists(CouponGrant.objects.filter(order_number=order.number)),
        small_payments=_small_payments(order, policy, at),
        most_pieces=_most_pieces(order),
        is_blocked=Exists(_blocks(order, footprint.device, ip, address, at)),
        is_proved=Exists(proofs),
        **_known_places(order, footprint, at),
    )
    row = told.get()
    shared = row["shared"]
    facts = Facts(
        small_payments=row["small_payments"],
        is_strange=_is_strange(footprint, row["known_ips"], was_on_device=row["was_on_device"]),
        members_on_device=shared["on_device"] + 1 if footprint.device else 0,
        members_at_ip=shared["at_ip"] + 1 if ip else 0,
        members_with_coupons=shared["with_coupons"] + 1 if row["uses_coupon"] else 0,
        orders_in_burst=shared["in_burst"] + 1,
        most_pieces=row["most_pieces"] or 0,
        is_blocked=row["is_blocked"],
    )
    return Gathered(facts, row["is_proved"])


def _told(rows: Any, said: Any) -> Subquery:
    """One aggregate over all of ``rows``, as a column of another statement."""
    return Subquery(rows.order_by().values(one=Value(1)).annotate(said=said).values("said"))


def _small_payments(order: Order, policy: RiskPolicy, at: datetime) -> Subquery:
    """Payments below the limit that the member began lately, this order's apart."""
    lately = at - timedelta(minutes=policy.small_minutes)
    mine = Payment.objects.filter(order__member=order.member_id, created_at__gt=lately)
    small = mine.filter(amount_fen__lt=policy.small_fen, amount_fen__gt=0)
    return _told(small.exclude(order=order), Count("pk"))


def _shared(
    order: Order, policy: RiskPolicy, at: datetime, *, device: str, ip: str, address: str
) -> Subquery:
    """Who else paid on this device, from this network, for this doorstep; this member and this
    order apart."""
    since = at - timedelta(days=policy.shared_days)
    bursts = at - timedelta(minutes=policy.burst_minutes)
    places = Q(address=address)
    on_device, at_ip = Q(pk__in=()), Q(pk__in=())
    if device:
        on_device = Q(device=device)
        places |= on_device
    if ip:
        at_ip = Q(ip=ip)
    others = ~Q(member=order.member_id)
    rows = RiskDecision.objects.filter(places | at_ip, at__gt=since, at__lte=at)
    return _told(
        rows,
        JSONObject(
            on_device=Count("member", filter=on_device & others, distinct=True),
            at_ip=Count("member", filter=at_ip & others, distinct=True),
            with_coupons=Count(
                "member", filter=places & others & Q(used_coupon=True), distinct=True
            ),
            in_burst=Count(
                "order", filter=places & Q(at__gt=bursts) & ~Q(order=order), distinct=True
            ),
        ),
    )


def _known_places(order: Order, footprint: Footprint, at: datetime) -> dict[str, Any]:
    """Where the member came from until the day before, and whether on this device."""
    assert order.member is not None, "imported orders are not paid here"
    before = at - SETTLED_IN
    known = SignIn.objects.filter(account=order.member.account_id, began_at__lt=before)
    seen = RiskDecision.objects.filter(member=order.member_id, at__lt=before)
    return {
        "known_ips": ArraySubquery(known.order_by().values("client_ip").distinct()),
        "was_on_device": Exists(seen.exclude(device="").filter(device=footprint.device)),
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


def _most_pieces(order: Order) -> Subquery:
    by_sku = OrderLine.objects.filter(order=order).order_by().values("sku")
    return Subquery(by_sku.annotate(n=Sum("quantity")).order_by("-n").values("n")[:1])


def _blocks(order: Order, device: str, ip: str, address: str, at: datetime) -> Any:
    """What of the blacklist refuses every order from here; activities were asked at placement."""
    met = Q(kind=Kind.MEMBER, key=str(order.member_id)) | Q(kind=Kind.ADDRESS, key=address)
    met |= Q(kind=Kind.PHONE, key=order.receiver_phone)
    if order.member is not None and order.member.account.phone:
        met |= Q(kind=Kind.PHONE, key=order.member.account.phone)
    if device:
        met |= Q(kind=Kind.DEVICE, key=device)
    if ip:
        met |= Q(kind=Kind.IP, key=ip)
    scopes = [RiskBlock.Scope.ALL]
    if order.offer_kind:
        scopes.append(RiskBlock.Scope.ACTIVITIES)
    return RiskBlock.objects.holding(at).filter(met, scope__in=scopes)
