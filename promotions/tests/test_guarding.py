from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import translation

from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput
from mall.kernel.testing.queries import count_queries
from members.testing import make_address, make_member, make_operator
from promotions.errors import DeedRefused, OriginBlocked
from promotions.models import BlockedOrigin, CouponGrant, DeedRecord, DeedRule
from promotions.services import (
    Footprint,
    Visit,
    block_origin,
    claim_attempt,
    claim_coupon,
    digest,
    forget_old_deeds,
    noting_refusals,
    unblock_origin,
)
from promotions.testing import AT, make_coupon

pytestmark = pytest.mark.django_db
PHONE = Footprint(device=digest("one phone"), ip="203.0.113.7")


@pytest.fixture(autouse=True)
def no_rules():
    DeedRule.objects.all().delete()


def rule(**values):
    return DeedRule.objects.create(**{"deed": "claim", "origin": "device", "most": 1, **values})


def claim(coupon, member, footprint=PHONE, at=AT):
    attempt = claim_attempt(coupon.pk, member.pk, footprint, at)
    with noting_refusals(attempt), transaction.atomic():
        return claim_coupon(coupon_id=coupon.pk, member_id=member.pk, at=at, visit=Visit(footprint))


def test_P_65_of_five_accounts_on_one_device_only_the_first_gets_the_new_user_coupon():
    rule(counts="members", first_order_only=True)
    coupon = make_coupon(is_first_order=True)
    members = [make_member() for _n in range(5)]
    claim(coupon, members[0])

    for member in members[1:]:
        with pytest.raises(DeedRefused), translation.override("en"):
            claim(coupon, member)

    assert CouponGrant.objects.get().member == members[0]
    coupon.refresh_from_db()
    assert coupon.issued == 1
    refused = DeedRecord.objects.exclude(refused="")
    assert [record.member for record in refused.order_by("pk")] == members[1:]
    assert set(refused.values_list("device", "refused")) == {(PHONE.device, "deed_refused")}


def test_the_refusal_names_what_was_counted():
    rule(origin="ip", most=1)
    claim(make_coupon(), make_member())

    with pytest.raises(DeedRefused) as refusal:
        claim(make_coupon(), make_member())

    with translation.override("en"):
        assert str(refusal.value) == "Too often from one address: not this time."


def test_an_ordinary_coupon_knows_no_limit_of_new_user_coupons():
    rule(counts="members", first_order_only=True)
    claim(make_coupon(is_first_order=True), make_member())

    claim(make_coupon(), make_member())

    assert CouponGrant.objects.count() == 2


def test_a_velocity_limit_looks_back_its_minutes_and_no_further():
    rule(origin="member", most=2, within_minutes=10)
    member = make_member()
    claim(make_coupon(), member)
    claim(make_coupon(), member)

    with pytest.raises(DeedRefused):
        claim(make_coupon(), member, at=AT + timedelta(minutes=9, seconds=59))

    assert claim(make_coupon(), member, at=AT + timedelta(minutes=10)).seq == 1


def test_one_doorstep_is_one_however_it_is_spaced():
    rule(origin="address", counts="members")
    first, second = make_member(), make_member()
    for member, detail in ((first, "文三路 1 号"), (second, "文三路1号")):
        address = make_address(member=member)
        address.detail = detail
        address.save(update_fields=["detail"])
    claim(make_coupon(), first, Footprint(device="a"))

    with pytest.raises(DeedRefused):
        claim(make_coupon(), second, Footprint(device="b"))


def test_what_is_not_known_is_not_counted():
    rule(most=1)

    for _n in range(2):
        claim(make_coupon(), make_member(), Footprint())

    assert CouponGrant.objects.count() == 2


def test_a_rule_that_is_off_limits_nothing():
    rule(is_on=False)

    for _n in range(2):
        claim(make_coupon(), make_member())

    assert CouponGrant.objects.count() == 2


@pytest.mark.parametrize(
    ("origin", "key"), [("device", PHONE.device), ("ip", PHONE.ip), ("member", None)]
)
def test_who_is_shut_out_gets_nothing_until_the_end_or_the_pardon(origin, key):
    member, operator = make_member(), make_operator()
    blocked = block_origin(
        origin=origin,
        key=key or str(member.pk),
        reason="羊毛党",
        until=AT + timedelta(days=1),
        actor=operator,
        at=AT,
    )

    with pytest.raises(OriginBlocked):
        claim(make_coupon(), member)
    claim(make_coupon(), member, at=AT + timedelta(days=1))
    assert unblock_origin(blocked_id=blocked.pk, actor=operator, at=AT) is True
    assert unblock_origin(blocked_id=blocked.pk, actor=operator, at=AT) is False
    claim(make_coupon(), member)

    assert CouponGrant.objects.count() == 2
    verbs = AuditEntry.objects.filter(actor=operator).order_by("pk")
    assert [entry.verb for entry in verbs] == [
        "promotions.block_origin",
        "promotions.unblock_origin",
    ]


def test_an_unknown_origin_cannot_be_shut_out():
    with pytest.raises(InvalidInput):
        block_origin(origin="device", key="", reason="?", at=AT)

    assert not BlockedOrigin.objects.exists()


def test_records_are_forgotten_after_a_year():
    claim(make_coupon(), make_member())

    assert forget_old_deeds(AT + timedelta(days=365)) == 0
    assert forget_old_deeds(AT + timedelta(days=365, seconds=1)) == 1


def test_a_guarded_claim_costs_the_same_after_two_deeds_and_after_fifty():
    rule(most=1_000)
    counts = []
    for deeds in (2, 48):
        for _n in range(deeds):
            claim(make_coupon(), make_member())
        coupon, member = make_coupon(), make_member()
        with count_queries(at_most=17) as statements:
            claim(coupon, member)
        counts.append(len(statements))

    assert counts[0] == counts[1]
