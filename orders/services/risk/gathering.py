"""What is known of one attempt to pay, counted from rows that are there. Queries: 5."""

from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, Sum

from members.models import SignIn
from orders.models import Order, OrderLine, Payment, RiskBlock, RiskDecision, RiskPolicy
from orders.risk import Facts
from orders.services.risk.places import Footprint, doorstep, network, public_ip
from promotions.models import CouponGrant

SETTLED_IN = timedelta(days=1)
"""A place counts as known once the member was there the day before."""
Kind = RiskBlock.Kind


def facts_of(order: Order, footprint: Footprint, policy: RiskPolicy, at: datetime) -> Facts:
    """Everything but what a service outside says."""
    ip, address = public_ip(footprint.ip), doorstep(order.region_code, order.address_detail)
    shared = _shared(order, policy, at, device=footprint.device, ip=ip, address=address)
    used_coupon = uses_coupon(order)
    return Facts(
        small_payments=_small_payments(order, policy, at),
        is_strange=_is_strange(order, footprint, at),
        members_on_device=shared["on_device"],
        members_at_ip=shared["at_ip"],
        members_with_coupons=shared["with_coupons"] + 1 if used_coupon else 0,
        orders_in_burst=shared["in_burst"] + 1,
        most_pieces=_most_pieces(order),
        is_blocked=_is_blocked(order, footprint.device, ip, address, at),
    )


def uses_coupon(order: Order) -> bool:
    """True when a coupon took something off it. Queries: 1."""
    return CouponGrant.objects.filter(order_number=order.number).exists()


def _small_payments(order: Order, policy: RiskPolicy, at: datetime) -> int:
    """Payments below the limit that the member began lately, this order's apart."""
    lately = at - timedelta(minutes=policy.small_minutes)
    mine = Payment.objects.filter(order__member=order.member, created_at__gt=lately)
    small = mine.filter(amount_fen__lt=policy.small_fen, amount_fen__gt=0)
    return small.exclude(order=order).count()


def _shared(
    order: Order, policy: RiskPolicy, at: datetime, *, device: str, ip: str, address: str
) -> dict[str, int]:
    """Who else paid on this device, from this network, for this doorstep. Queries: 1.

    Members count this one, orders and coupons do not.
    """
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
    counted = RiskDecision.objects.filter(places | at_ip, at__gt=since, at__lte=at).aggregate(
        on_device=Count("member", filter=on_device & others, distinct=True),
        at_ip=Count("member", filter=at_ip & others, distinct=True),
        with_coupons=Count("member", filter=places & others & Q(used_coupon=True), distinct=True),
        in_burst=Count("order", filter=places & Q(at__gt=bursts) & ~Q(order=order), distinct=True),
    )
    return {
        **counted,
        "on_device": counted["on_device"] + 1 if device else 0,
        "at_ip": counted["at_ip"] + 1 if ip else 0,
    }


def _is_strange(order: Order, footprint: Footprint, at: datetime) -> bool | None:
    """A network and a device that the member never came from; None when there is nothing to
    compare with. Queries: 1 or 2."""
    here = network(footprint.ip)
    if not here or order.member is None:
        return None
    before = at - SETTLED_IN
    known = SignIn.objects.filter(account=order.member.account_id, began_at__lt=before)
    places = {network(ip) for ip in known.values_list("client_ip", flat=True).distinct() if ip}
    places.discard("")
    if not places:
        return None
    if here in places:
        return False
    seen = RiskDecision.objects.filter(member=order.member_id, at__lt=before)
    return not (footprint.device and seen.filter(device=footprint.device).exists())


def _most_pieces(order: Order) -> int:
    by_sku = OrderLine.objects.filter(order=order).order_by().values("sku")
    return int(by_sku.annotate(n=Sum("quantity")).aggregate(most=Max("n"))["most"] or 0)


def _is_blocked(order: Order, device: str, ip: str, address: str, at: datetime) -> bool:
    """Whether the blacklist refuses every order from here; activities were asked at placement."""
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
    return RiskBlock.objects.holding(at).filter(met, scope__in=scopes).exists()
