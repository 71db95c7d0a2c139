"""Paid orders are sorted, checked, picked, packed and sent."""

from datetime import timedelta

import pytest
from django.utils import translation

from inventory.models import StockItem, Warehouse
from inventory.testing import make_stock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.notify.models import Message
from members.models import Tier
from members.testing import make_member, make_operator
from orders import words
from orders.errors import (
    CarrierUnknown,
    FileRefused,
    IllegalMove,
    NothingToPack,
    RemindedAlready,
    TooManyRows,
    WaitsForCheck,
)
from orders.models import (
    Order,
    OrderCheck,
    OrderHistory,
    Packing,
    PickList,
    Refund,
    ReviewPolicy,
    Shipment,
)
from orders.selectors import (
    boxes_of,
    orders_on,
    packing_queue,
    summed,
    waiting_by_warehouse,
)
from orders.services import (
    REVIEW_RULES,
    ReviewReason,
    ReviewRule,
    Wanted,
    cancel_order,
    make_pick_list,
    mark_packed,
    pass_check,
    read_parcels,
    reject_check,
    remind_payment,
    save_review_policy,
    ship_order,
    ship_rows,
)
from orders.testing import NOON, make_order, make_stocked_sku, pay

HOUR = timedelta(hours=1)


def make_gold(**values):
    member = make_member(**values)
    member.tier = Tier.objects.get(code="gold")
    member.save(update_fields=["tier"])
    return member


def house() -> Warehouse:
    return StockItem.objects.select_related("warehouse").earliest("pk").warehouse


def risky_order(**values):
    ReviewPolicy.objects.update_or_create(pk=1, defaults={"amount_fen": 10_000})
    return make_order(paid=True, sku=make_stocked_sku(price_fen=20_000), **values)


@pytest.mark.django_db
def test_O_16_a_normal_order_goes_straight_to_be_packed():
    order = make_order(paid=True)

    assert (order.status, order.stage) == ("paid", "to_pack")
    assert not OrderCheck.objects.exists()


@pytest.mark.django_db
def test_O_16_a_risky_order_waits_for_a_check_and_is_packed_once_it_passed():
    order, operator = risky_order(), make_operator()
    check = OrderCheck.objects.get()

    assert (order.status, order.stage) == ("paid", "in_review")
    assert [reason["code"] for reason in check.reasons] == ["big_amount"]
    with pytest.raises(WaitsForCheck):
        ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=NOON)
    pass_check(check_id=check.pk, actor=operator, at=NOON + HOUR)
    order.refresh_from_db()
    assert order.stage == "to_pack"
    codes = OrderHistory.objects.filter(order=order).values_list("code", "actor")
    assert list(codes)[-2:] == [("to_check", None), ("checked", operator.pk)]
    assert AuditEntry.objects.filter(verb="orders.check", actor=operator).count() == 1
    with pytest.raises(IllegalMove):
        pass_check(check_id=check.pk, actor=operator, at=NOON + HOUR)


@pytest.mark.django_db
def test_O_16_a_rejected_order_is_paid_back_whole():
    order, operator = risky_order(), make_operator()

    reject_check(
        check_id=OrderCheck.objects.get().pk, reason="刷单", actor=operator, at=NOON + HOUR
    )

    order.refresh_from_db()
    assert (order.status, order.close_reason, order.refunded_fen) == (
        "closed", "refunded", order.paid_fen,
    )  # fmt: skip
    assert Refund.objects.get().amount_fen == order.paid_fen
    check = OrderCheck.objects.get()
    assert (check.verdict, check.note, check.decided_by) == ("rejected", "刷单", operator)


@pytest.mark.django_db
def test_a_buyer_who_cancels_meanwhile_ends_the_check():
    order = risky_order()

    cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON + HOUR)

    check = OrderCheck.objects.get()
    assert (check.verdict, check.decided_at) == ("over", NOON + HOUR)
    with pytest.raises(IllegalMove):
        pass_check(check_id=check.pk, actor=make_operator(), at=NOON + HOUR)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("detail", "region", "codes"),
    [
        ("一号", "330106001", ["address_short"]),
        ("村口大树下面", "330106001", ["address_without_number"]),
        ("北山街 1 号", "650102001", ["region_blocked"]),
        ("北山街 1 号", "330106001", []),
    ],
)
def test_O_16_an_address_that_cannot_be_right_is_looked_at(detail, region, codes):
    save_review_policy(changes={"blocked_prefixes": ["65"]}, actor=make_operator(), at=NOON)
    order = make_order()
    Order.objects.update(address_detail=detail, region_code=region)

    pay(order)

    order.refresh_from_db()
    assert order.stage == ("in_review" if codes else "to_pack")
    found = [reason["code"] for check in OrderCheck.objects.all() for reason in check.reasons]
    assert found == codes


@pytest.mark.django_db
def test_another_room_may_bring_a_rule(monkeypatch):
    reason = ReviewReason("risk_score", {"text_zh": "风险分 90", "text_en": "risk score 90"})
    monkeypatch.setattr(
        "orders.services.fulfilment.review_rules.REVIEW_RULES",
        [*REVIEW_RULES, ReviewRule(lambda order, told: [reason])],
    )

    assert make_order(paid=True).stage == "in_review"
    kept = OrderCheck.objects.get().reasons[0]
    with translation.override("en"):
        assert words.review_reason(kept["code"], kept["facts"]) == "risk score 90"


@pytest.mark.django_db
def test_the_reasons_have_words():
    facts = {"amount_fen": 800_000, "limit_fen": 500_000}

    with translation.override("en"):
        assert words.review_reason("big_amount", facts) == (
            "Big amount: ¥8000, looked at from ¥5000"
        )


@pytest.mark.django_db
def test_O_21_gold_comes_before_who_paid_first():
    sku = make_stocked_sku()
    plain = make_order(paid=True, sku=sku, at=NOON)
    gold = make_order(paid=True, sku=sku, member=make_gold(), at=NOON + HOUR)

    queue = list(packing_queue(house().pk))

    assert (gold.is_priority, plain.is_priority) == (True, False)
    assert queue == [gold, plain]


@pytest.mark.django_db
def test_O_17_five_orders_make_one_list_with_summed_pieces():
    lamp, shade = make_stocked_sku(), make_stocked_sku()
    orders = [
        make_order(paid=True, wanted=(Wanted(lamp.pk, number), Wanted(shade.pk, 1)))
        for number in (1, 2, 3, 4, 5)
    ]
    operator, here = make_operator(), house()

    made = make_pick_list(
        order_ids=[order.pk for order in orders], warehouse=here, actor=operator, at=NOON
    )

    boxes = boxes_of(orders_on(made), here.pk)
    sums = {one.sku_code: one.pieces for one in summed(boxes)}
    assert sums == {lamp.code: 15, shade.code: 5}
    assert [box.pieces for box in boxes] == [2, 3, 4, 5, 6]
    assert Packing.objects.filter(pick_list=made).count() == 5


@pytest.mark.django_db
def test_O_17_marking_packed_moves_the_order_once():
    order, operator = make_order(paid=True), make_operator()
    here = house()
    ask = {"order_ids": [order.pk], "warehouse": here, "actor": operator}

    assert [mark_packed(**ask, at=NOON), mark_packed(**ask, at=NOON + HOUR)] == [1, 0]

    order.refresh_from_db()
    assert (order.stage, Packing.objects.get().packed_at) == ("packed", NOON)
    assert order.history.filter(code="packed", actor=operator).count() == 1


@pytest.mark.django_db
def test_what_is_elsewhere_or_under_check_is_not_packed():
    order = risky_order()
    elsewhere = Warehouse.objects.create(code="far", title_zh="远仓", title_en="Far")
    normal = make_order(paid=True)

    for ids, warehouse in (([order.pk], house()), ([normal.pk], elsewhere)):
        with pytest.raises(NothingToPack):
            make_pick_list(order_ids=ids, warehouse=warehouse, actor=make_operator(), at=NOON)
    assert not PickList.objects.exists()
    assert not Packing.objects.exists()


@pytest.mark.django_db
def test_an_order_of_two_warehouses_is_packed_when_both_are():
    sku = make_stocked_sku(on_hand=1)
    far = Warehouse.objects.create(
        code="far", title_zh="远仓", title_en="Far", region_code="110101", priority=20
    )
    make_stock(sku=sku, on_hand=1, warehouse=far)
    order, operator = make_order(paid=True, sku=sku, quantity=2), make_operator()
    near = Warehouse.objects.exclude(pk=far.pk).get()
    ask = {"order_ids": [order.pk], "actor": operator, "at": NOON}
    assert waiting_by_warehouse() == {near.pk: 1, far.pk: 1}

    mark_packed(warehouse=near, **ask)
    order.refresh_from_db()
    assert order.stage == "to_pack"
    mark_packed(warehouse=far, **ask)
    order.refresh_from_db()
    assert order.stage == "packed"


@pytest.mark.django_db
def test_O_18_each_warehouse_sends_its_own_parcel():
    sku = make_stocked_sku(on_hand=1)
    far = Warehouse.objects.create(
        code="far", title_zh="远仓", title_en="Far", region_code="110101", priority=20
    )
    make_stock(sku=sku, on_hand=1, warehouse=far)
    order = make_order(paid=True, sku=sku, quantity=2)

    first = ship_order(
        order_number=order.number, carrier="sf", tracking_no="SF1", warehouse_id=far.pk, at=NOON
    )
    order.refresh_from_db()
    assert (order.status, order.stage, first.warehouse) == ("part_shipped", "to_pack", far)
    second = ship_order(order_number=order.number, carrier="zto", tracking_no="ZT1", at=NOON)

    order.refresh_from_db()
    assert (order.status, order.stage) == ("shipped", "")
    assert second.warehouse_id != far.pk
    assert [part.quantity for part in second.lines.all()] == [1]


@pytest.mark.django_db
def test_no_parcel_goes_with_a_carrier_that_is_not_there():
    order = make_order(paid=True)

    with pytest.raises(CarrierUnknown):
        ship_order(order_number=order.number, carrier="dhl", tracking_no="1", at=NOON)

    assert not Shipment.objects.exists()


def parcels_of(*rows: str) -> bytes:
    head = "order_number,carrier,tracking_no,sku,pieces"
    return "\r\n".join([head, *rows]).encode("utf-8-sig")


@pytest.mark.django_db
def test_O_18_good_rows_are_sent_bad_ones_listed_and_again_changes_nothing():
    first, second = make_order(paid=True), make_order(paid=True, quantity=3)
    code = second.lines.get().sku_code
    content = parcels_of(
        f"{first.number},sf,SF100,,",
        f"{second.number},zto,ZT200,{code},1",
        f"{second.number},zto,ZT201,{code},2",
        "20261122NOTHERE000,sf,SF300,,",
        f"{first.number},dhl,DH400,,",
        f"{second.number},zto,,,",
    )
    operator = make_operator()

    tried = ship_rows(read_parcels(content), actor=operator, at=NOON, is_trial=True)
    assert not Shipment.objects.exists()
    done = ship_rows(read_parcels(content), actor=operator, at=NOON, is_trial=False)
    again = ship_rows(read_parcels(content), actor=operator, at=NOON, is_trial=False)

    assert [row.outcome for row in tried] == ["would_ship"] * 3 + ["bad"] * 3
    assert [row.outcome for row in done] == ["shipped"] * 3 + ["bad"] * 3
    assert [row.outcome for row in again] == ["known"] * 3 + ["bad"] * 3
    assert [row.lines for row in done] == [(2,), (3,), (4,), (5,), (6,), (7,)]
    assert Order.objects.get(pk=second.pk).status == "shipped"
    assert [s.tracking_no for s in second.shipments.order_by("pk")] == ["ZT200", "ZT201"]
    assert Message.objects.filter(template="orders.order_shipped").count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row", [",sf,SF1,,", "N1,sf,SF1,,2", "N1,sf,SF1,lamp,many", "N1,sf,SF1,lamp,-1"]
)
def test_a_row_that_makes_no_sense_is_bad(row):
    results = ship_rows(
        read_parcels(parcels_of(row)), actor=make_operator(), at=NOON, is_trial=False
    )

    assert [result.outcome for result in results] == ["bad"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"order_number,carrier\r\n1,sf",
        b"\xff\xfe\x00",
        b"a" * (1024 * 1024 + 1),
        b"[" * 200_000,
    ],
)
def test_a_file_that_is_none_is_refused(content):
    with pytest.raises(FileRefused):
        read_parcels(content)


def test_a_file_of_too_many_rows_is_refused():
    with pytest.raises(TooManyRows):
        read_parcels(parcels_of(*["1,sf,2,,"] * 1001))


@pytest.mark.django_db
def test_O_23_one_click_sends_one_message_and_a_second_is_refused_within_the_limit():
    order, operator = make_order(), make_operator()
    Order.objects.update(expires_at=NOON + timedelta(days=3))
    sent = Message.objects.filter(template="orders.pay_reminder", channel="inbox")

    remind_payment(order_number=order.number, actor=operator, at=NOON)
    with pytest.raises(RemindedAlready):
        remind_payment(order_number=order.number, actor=operator, at=NOON + 23 * HOUR)

    assert sent.count() == 1
    remind_payment(order_number=order.number, actor=operator, at=NOON + 24 * HOUR)
    assert sent.count() == 2


@pytest.mark.django_db
def test_O_23_who_has_paid_is_not_reminded():
    order = make_order(paid=True)

    with pytest.raises(IllegalMove):
        remind_payment(order_number=order.number, actor=make_operator(), at=NOON)

    assert not Message.objects.filter(template="orders.pay_reminder").exists()
