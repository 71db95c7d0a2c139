"""Judging payments, the blacklist, caps on unpaid orders (O-39, O-40, O-56)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from catalog.models import Sku
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput
from mall.kernel.testing.queries import count_queries
from mall.kernel.testing.race import all_read_before_any_writes, stampede
from members.errors import NeedVerification
from members.models import Proof, SignIn
from members.sandbox import last_sms_code
from members.selectors import reached_at
from members.services import prove, send_code
from members.testing import make_member, make_operator
from orders.errors import OrderBlocked, PaymentBlocked, TooManyUnpaid
from orders.models import Order, Payment, RiskBlock, RiskDecision, RiskPolicy
from orders.services import assess_payment, block, close_order, save_risk_policy, unblock
from orders.services.fulfilment.sorting_paid import sort_paid
from orders.services.risk.places import Footprint, doorstep, network, public_ip
from orders.testing import (
    NOON,
    make_flash_order,
    make_flash_sale,
    make_order,
    make_stocked_sku,
    open_sandbox_payment,
    pay,
)
from promotions.testing import make_grant

pytestmark = pytest.mark.django_db
HERE = Footprint(device="d" * 64, ip="114.114.114.114")
AWAY = Footprint(device="e" * 64, ip="8.8.8.8")


def assess(order, footprint=HERE, at=NOON):
    return assess_payment(
        order_number=order.number, member_id=order.member_id, at=at, footprint=footprint
    )


def codes(decision):
    return [reason["code"] for reason in decision.reasons]


def test_O_39_after_six_payments_under_one_yuan_the_next_needs_a_code_and_is_listed():
    member = make_member()
    for minute in range(6):
        order = make_order(member=member, at=NOON)
        at = NOON + timedelta(minutes=minute)
        assert assess(order, at=at).verdict == "pass"
        pay(order, at=at)
        Payment.objects.filter(order=order).update(amount_fen=90)
    seventh = make_order(member=member)
    later = NOON + timedelta(minutes=6)

    with pytest.raises(NeedVerification) as refusal:
        assess(seventh, at=later)

    assert refusal.value.http_status == 403
    assert refusal.value.facts["subject"] == seventh.number
    listed = RiskDecision.objects.exclude(verdict="pass").get()
    assert (listed.order, listed.verdict, codes(listed)) == (seventh, "verify", ["small_payments"])
    assert listed.reasons[0]["count"] == 6
    assert assess(seventh, at=NOON + timedelta(minutes=16)).verdict == "pass"


@pytest.mark.django_db(transaction=True)
def test_O_40_a_code_lets_the_payment_through_for_this_order_only():
    member = make_member()
    order, other = make_order(member=member, quantity=1), make_order(member=member)
    policy = {"many_pieces": 1, "many_score": 50}
    save_risk_policy(changes=policy, actor=make_operator(), at=NOON)
    with pytest.raises(NeedVerification):
        assess(order)
    send_code(phone=member.account.phone, purpose="verify", client_ip="", at=NOON)
    code = last_sms_code(member.account.phone)
    prove(account=member.account, deed="pay", subject=order.number, code=code, at=NOON)

    decision = assess(order)

    assert (decision.verdict, decision.is_proved) == ("pass", True)
    with pytest.raises(NeedVerification):
        assess(other)


def test_a_sign_in_from_an_unusual_place_is_a_reason():
    member = make_member()
    SignIn.objects.create(
        account=member.account,
        door="web",
        handle="h",
        client_ip="114.114.1.1",
        began_at=NOON - timedelta(days=3),
        seen_at=NOON,
    )
    order = make_order(member=member)

    assert assess(order).verdict == "pass"
    with pytest.raises(NeedVerification):
        assess(order, AWAY)

    assert codes(RiskDecision.objects.get(verdict="verify")) == ["strange_place"]


def test_three_members_on_one_device_are_a_reason_and_private_addresses_are_nobodys():
    for n in range(3):
        order = make_order()
        place = replace(HERE, ip="192.168.1.7")
        if n < 2:
            assert assess(order, place).verdict == "pass"
    with pytest.raises(NeedVerification):
        assess(order, place)

    last = RiskDecision.objects.latest("pk")
    assert (codes(last), last.reasons[0]["count"], last.ip) == (["shared_device"], 3, "")


def test_coupons_of_three_members_for_one_doorstep_are_looked_at():
    for n in range(3):
        member = make_member()
        grant = make_grant(member=member)
        order = make_order(member=member, coupon_grant_ids=(grant.pk,))
        place = Footprint(device=str(n) * 64)
        if n < 2:
            assess(order, place)
    with pytest.raises(NeedVerification):
        assess(order, place)
    assert codes(RiskDecision.objects.latest("pk")) == ["coupon_abuse"]


def test_O_56_many_pieces_and_bursts_are_looked_at_before_they_are_packed():
    sku = make_stocked_sku(on_hand=60)
    order = make_order(sku=sku, quantity=50)
    Proof.objects.create(
        account=order.member.account,
        deed="pay",
        subject=order.number,
        method="sms",
        proved_at=NOON,
        expires_at=NOON + timedelta(minutes=5),
    )

    decision = assess(order)

    assert (decision.verdict, codes(decision)) == ("review", ["many_pieces"])
    assert "risk_many_pieces" in [reason.code for reason in sort_paid(order, NOON).reasons]


def test_O_56_a_blacklisted_phone_cannot_submit_a_flash_order():
    member = make_member()
    sale = make_flash_sale(make_stocked_sku())
    make_flash_order(sale)
    entry = block(
        kind="phone", key=member.account.phone, reason="黄牛", actor=make_operator(), at=NOON
    )
    before = Order.objects.count()

    with pytest.raises(OrderBlocked) as refusal:
        make_flash_order(sale, member=member)

    assert (refusal.value.code, refusal.value.http_status) == ("orders.blocked", 403)
    assert Order.objects.count() == before
    assert make_order(member=member).status == "unpaid"
    unblock(entry=entry, actor=make_operator(), at=NOON)
    assert make_flash_order(sale, member=member).offer_kind == "flash"
    blocks = AuditEntry.objects.filter(target_type="orders.riskblock").order_by("pk")
    verbs = blocks.values_list("verb", flat=True)
    assert list(verbs) == ["orders.block", "orders.unblock"]


@pytest.mark.parametrize("kind", ["member", "phone", "address"])
def test_an_entry_for_every_order_refuses_until_its_time_is_over(kind):
    member, actor = make_member(), make_operator()
    placed = make_order(member=member)
    key = {
        "member": str(member.pk),
        "phone": placed.receiver_phone,
        "address": doorstep(placed.region_code, placed.address_detail),
    }[kind]
    until = NOON + timedelta(days=1)
    block(kind=kind, key=key, reason="x", scope="all", until=until, actor=actor, at=NOON)

    with pytest.raises(OrderBlocked):
        make_order(member=member)
    with pytest.raises(PaymentBlocked):
        assess(placed)

    assert codes(RiskDecision.objects.get()) == ["blocked"]
    assert make_order(member=member, at=until).status == "unpaid"


@pytest.mark.parametrize(("kind", "key"), [("device", HERE.device), ("ip", HERE.ip)])
def test_a_blacklisted_device_or_network_cannot_pay(kind, key):
    order = make_order()
    block(kind=kind, key=key, reason="x", scope="all", actor=make_operator(), at=NOON)

    with pytest.raises(PaymentBlocked):
        assess(order)
    assert assess(order, AWAY).verdict == "pass"


def test_an_entry_needs_a_reason_and_a_time_to_come():
    for values in ({"reason": " "}, {"reason": "x", "until": NOON}, {"reason": "x", "key": " "}):
        with pytest.raises(InvalidInput):
            block(**{"kind": "device", "key": "k", **values}, actor=make_operator(), at=NOON)
    assert not RiskBlock.objects.exists()


def test_the_sixth_unpaid_order_is_refused_until_one_is_paid_or_closed():
    member = make_member()
    orders = [make_order(member=member) for _n in range(5)]
    with pytest.raises(TooManyUnpaid) as refusal:
        make_order(member=member)
    assert (refusal.value.code, refusal.value.facts) == ("orders.too_many_unpaid", {"most": 5})

    pay(orders[0])
    make_order(member=member)
    close_order(order_id=orders[1].pk, reason="buyer", at=NOON)

    assert make_order(member=member).status == "unpaid"
    assert make_order().status == "unpaid"


def test_unpaid_pieces_of_one_sku_are_capped_by_its_own_limit():
    member, sku = make_member(), make_stocked_sku(on_hand=40)
    Sku.objects.filter(pk=sku.pk).update(order_limit=4)
    make_order(member=member, sku=sku, quantity=3)

    with pytest.raises(TooManyUnpaid):
        make_order(member=member, sku=sku, quantity=2)

    assert make_order(member=member, sku=sku, quantity=1).status == "unpaid"
    assert make_order(member=member).status == "unpaid"


def _member_with_one_order():
    """One more unpaid order is allowed. Returns the deed, and how many orders there are then."""
    member, sku = make_member(), make_stocked_sku()
    make_order(member=member, sku=sku)
    RiskPolicy.objects.update(most_unpaid_orders=2)
    return (
        lambda _n: make_order(member=member, sku=sku),
        Order.objects.filter(member=member).count,
    )


@pytest.mark.django_db(transaction=True)
def test_orders_of_one_member_at_once_never_pass_the_cap():
    place_another, placed = _member_with_one_order()

    outcomes = stampede(4, place_another)

    assert (len(outcomes.results), placed()) == (1, 2)
    assert {type(error) for error in outcomes.errors} == {TooManyUnpaid}


@pytest.mark.django_db(transaction=True)
def test_control_without_taking_turns_the_cap_is_passed(monkeypatch):
    def address_at_once(member_id, address_id, at):
        return reached_at(member_id, address_id, at).get()

    place_another, placed = _member_with_one_order()
    monkeypatch.setattr("orders.services.placing.address_in_turn", address_at_once)

    with all_read_before_any_writes("orders.services.placing.admit_order", 4):
        stampede(4, place_another)

    assert placed() > 2


def test_every_judgement_is_kept_costs_the_same_and_can_be_switched_off():
    few = make_order()
    with count_queries() as first:
        assess(few)
    for n in range(5):
        assess(make_order(), Footprint(device=str(n) * 64, ip=f"8.{n}.8.8"))
    with count_queries() as second:
        assess(few)
    assert len(first) == len(second) <= 14

    save_risk_policy(changes={"is_on": False}, actor=make_operator(), at=NOON)
    assert assess(few) is None
    assert open_sandbox_payment(few).status == "pending"


def test_the_policy_rises_from_step_to_step():
    with pytest.raises(InvalidInput):
        save_risk_policy(changes={"verify_from": 70}, actor=make_operator(), at=NOON)
    assert RiskPolicy.objects.get().verify_from == 40


def test_places_are_told_apart_without_being_read():
    assert doorstep("330106002", "北山街 1 号") == doorstep("330106002", "北山街1号")
    assert "北山" not in doorstep("330106002", "北山街 1 号")
    assert (public_ip("10.0.0.1"), public_ip("nonsense")) == ("", "")
    assert network("114.114.200.1") == network("114.114.3.4") == "114.114.0.0/16"
    assert network("2400:3200:1::1") == "2400:3200::/32"
