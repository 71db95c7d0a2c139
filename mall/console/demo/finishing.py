"""After the sales: segments and a coupon sent to one of them, what the demo shoppers have in mind,
alerts of low stock, the shelf and the daily reports."""

from datetime import timedelta

from django.db import transaction

from analytics.models import DailyReport
from analytics.services import aggregate_days
from catalog.models import Favourite, Product, ShelfMark, Sku
from catalog.services import toggle_favourite
from inventory.selectors import open_alerts
from inventory.services import raise_alerts
from mall.console.demo.contents import Row, read
from mall.console.demo.seeding import (
    FINISHED,
    HISTORY_DAYS,
    Seeding,
    Tally,
    deliver_events,
    is_marked,
    leave_mark,
    operator,
)
from members.models import Member, Segment
from members.selectors import inbox
from members.services import fill_segment_by_rule, read_inbox
from orders.services import CartOwner, add_line, find_cart, refresh_shelf
from promotions.models import Coupon, CouponDispatch, CouponGrant
from promotions.services import claim_coupon, run_dispatches, start_dispatch

SENT_COUPON, SENT_TO = "freight-free", "gold-and-up"


def seed_segments(seeding: Seeding) -> Tally:
    """Segments, each filled by its rule."""
    made = 0
    for row in read("segments.json"):
        columns = {name: value for name, value in row.items() if name != "code"}
        segment, _is_new = Segment.objects.get_or_create(code=row["code"], defaults=columns)
        if segment.filled_at is None:
            fill_segment_by_rule(segment=segment, at=seeding.at)
            made += 1
    return Tally(made, len(read("segments.json")) - made)


def seed_dispatch(seeding: Seeding) -> Tally:
    """One coupon for everybody of a segment, sent to the end."""
    coupon = Coupon.objects.get(code=SENT_COUPON)
    segment = Segment.objects.get(code=SENT_TO)
    is_new = not CouponDispatch.objects.filter(coupon=coupon, segment=segment).exists()
    if is_new:
        start_dispatch(
            coupon=coupon,
            segment=segment,
            scheduled_at=seeding.at,
            at=seeding.at,
            actor=operator("marketing"),
        )
    run_dispatches(seeding.at)
    return Tally(int(is_new), int(not is_new))


def seed_shoppers(seeding: Seeding) -> Tally:
    """Coupons, favourites and a cart for each demo shopper; yesterday's messages are read."""
    made = 0
    for row in read("shoppers.json"):
        member = Member.objects.get(account__phone=row["phone"])
        cart = find_cart(CartOwner(member_id=member.pk))
        if cart is None:
            _fill_hands(member, row, seeding)
            made += 1
    return Tally(made, len(read("shoppers.json")) - made)


def _fill_hands(member: Member, row: Row, seeding: Seeding) -> None:
    """The cart comes last: it says that all of it is done."""
    for message in inbox(member.account_id).filter(read_at=None, at__lt=seeding.midnight):
        read_inbox(account_id=member.account_id, message_id=message.pk, at=seeding.at)
    held = set(CouponGrant.objects.filter(member=member).values_list("coupon__code", flat=True))
    for coupon in Coupon.objects.filter(code__in=set(row["coupons"]) - held).order_by("pk"):
        claim_coupon(coupon_id=coupon.pk, member_id=member.pk, at=seeding.at)
    kept = set(
        Favourite.objects.filter(account=member.account_id).values_list("product", flat=True)
    )
    for product in Product.objects.filter(code__in=row["favourites"]).exclude(pk__in=kept):
        toggle_favourite(account=member.account, product_id=product.pk, at=seeding.at)
    _fill_cart(member, row, seeding)


@transaction.atomic
def _fill_cart(member: Member, row: Row, seeding: Seeding) -> None:
    sku_ids = dict(Sku.objects.values_list("code", "pk"))
    for code, pieces in row["cart"]:
        add_line(
            owner=CartOwner(member_id=member.pk),
            sku_id=sku_ids[code],
            quantity=pieces,
            at=seeding.at,
        )


def seed_alerts(seeding: Seeding) -> Tally:
    """Alerts for what ran low; afterwards the shop's own timer raises them."""
    there = open_alerts().count()
    return Tally(0 if is_marked(FINISHED) else raise_alerts(seeding.at), there)


def seed_shelf(seeding: Seeding) -> Tally:
    """Cards of everything on sale; events still waiting go first."""
    if is_marked(FINISHED):
        return Tally(0, Product.objects.on_sale().count())
    deliver_events(seeding.at)
    ShelfMark.objects.all().delete()
    return Tally(refresh_shelf(seeding.at, Product.objects.values_list("pk", flat=True)))


def seed_reports(seeding: Seeding) -> Tally:
    """Daily reports of the whole history; with them the demo is complete."""
    if is_marked(FINISHED):
        return Tally(0, DailyReport.objects.count())
    first = seeding.today - timedelta(days=HISTORY_DAYS + 1)
    days = aggregate_days(first=first, last=seeding.today, at=seeding.at)
    leave_mark(FINISHED, at=seeding.at)
    return Tally(days)
