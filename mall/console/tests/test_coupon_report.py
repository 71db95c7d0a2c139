"""The report of coupons: the plan's own numbers, a safe file, guarded doors (P-17)."""

import pytest
from django.urls import reverse

from mall.console.coupon_report import percent
from mall.console.testing import client_of, make_clerk
from mall.kernel.testing.queries import count_queries
from members.testing import make_member, make_operator, make_segment
from orders.testing import NOON, make_order, make_stocked_sku
from promotions.models import CouponGrant
from promotions.services import issue_coupons, run_dispatches, start_dispatch
from promotions.testing import make_coupon

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


@pytest.fixture
def boss():
    return client_of(make_operator())


@pytest.fixture
def coupon():
    """Ten issued, three used on goods of ¥50."""
    row = make_coupon(code="=1+1", off_fen=1_000, total=20)
    members, sku = [make_member() for _n in range(10)], make_stocked_sku(price_fen=5_000)
    ids = [member.pk for member in members]
    issue_coupons(
        coupon_id=row.pk,
        member_ids=ids,
        source_type="code",
        source_id="1",
        channel="group-12",
        at=NOON,
    )
    for member in members[:3]:
        grant = CouponGrant.objects.get(member=member)
        make_order(member=member, sku=sku, coupon_grant_ids=(grant.pk,), paid=True)
    row.refresh_from_db()
    return row


def cells(html):
    return " ".join(html.split())


def test_P_17_the_report_shows_30_percent_and_the_cost(boss, coupon):
    html = cells(boss.get(url("coupon_effects")).content.decode())

    assert "30%" in html
    assert "¥30.00" in html
    detail = cells(boss.get(url("coupon_effect", coupon.pk)).content.decode())
    assert "group-12" in detail


def test_a_dispatch_stands_beside_those_held_back(boss):
    coupon = make_coupon(total=1_000)
    dispatch = start_dispatch(
        coupon=coupon,
        segment=make_segment(members=[make_member() for _n in range(10)]),
        scheduled_at=NOON,
        control_bp=5_000,
        at=NOON,
    )
    run_dispatches(NOON)

    html = boss.get(url("coupon_effect", coupon.pk)).content.decode()

    assert f'data-dispatch="{dispatch.pk}"' in html


def test_the_file_is_safe_and_in_yuan(boss, coupon):
    text = boss.get(url("coupon_effects_export")).content.decode()

    assert "'=1+1" in text
    assert "30%" in text
    assert "30.00" in text


def test_only_those_who_see_reports_and_coupons_see_it(coupon):
    names = [("coupon_effects",), ("coupon_effects_export",), ("coupon_effect", coupon.pk)]
    for role, status in (
        ("marketing", 200),
        ("finance", 200),
        ("service", 403),
        ("warehouse", 403),
    ):
        client = client_of(make_clerk(role))
        assert {client.get(url(*name)).status_code for name in names} == {status}, role


def test_no_such_coupon_is_a_404(boss):
    assert boss.get(url("coupon_effect", 10**9)).status_code == 404


def test_the_list_costs_the_same_for_two_coupons_and_for_fifty(boss):
    counts = []
    boss.get(url("coupon_effects"))
    for size in (2, 48):
        for _n in range(size):
            make_coupon()
        with count_queries() as statements:
            assert boss.get(url("coupon_effects")).status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("bp", "words"),
    [(None, "—"), (0, "0%"), (3_000, "30%"), (3_333, "33.3%"), (-10_000, "−100%")],
)
def test_rates_in_words(bp, words):
    assert percent(bp) == words
