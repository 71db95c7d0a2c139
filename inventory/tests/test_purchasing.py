"""Purchase orders from draft to closed: stock, in transit, cost, debt. Source: I-36..I-38, O-32."""

from datetime import UTC, date, datetime, timedelta

import pytest

from catalog.testing import make_operator, make_sku
from inventory.errors import (
    NobodySupplies,
    OverReceipt,
    PurchaseMoveRefused,
    PurchaseSecondPerson,
    PurchaseUnderMinimum,
    SupplierNotOrderable,
)
from inventory.models import (
    PurchaseOrder,
    PurchaseSuggestion,
    StockItem,
    StockMovement,
    Supplier,
    SupplierCharge,
    SupplierFact,
)
from inventory.services import (
    Delivered,
    approve_purchase,
    cancel_purchase,
    change_purchase,
    close_purchase,
    draft_purchase,
    move_supplier,
    order_suggested,
    raise_alerts,
    receive_purchase,
    send_purchase,
    suggest_purchase,
)
from inventory.testing import broken_books, make_goods, make_stock, make_supplier, make_warehouse
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import Conflict

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
TODAY = date(2026, 11, 22)
Status = PurchaseOrder.Status


@pytest.fixture
def maker():
    return make_operator()


@pytest.fixture
def house():
    return make_warehouse()


def draft(supplier, house, pieces, maker):
    return draft_purchase(
        supplier_id=supplier.pk, warehouse_id=house.pk, pieces=pieces, at=AT, actor=maker
    )


def sent(supplier, house, pieces, maker):
    order = draft(supplier, house, pieces, maker)
    approve_purchase(order_id=order.pk, at=AT, actor=make_operator())
    send_purchase(order_id=order.pk, at=AT, actor=maker)
    return PurchaseOrder.objects.get(pk=order.pk)


def receive(order, note, **parts):
    line = order.lines.get()
    return receive_purchase(
        order_id=order.pk,
        note_number=note,
        delivered={line.pk: Delivered(**parts)},
        at=AT,
        actor=order.made_by,
    )


def item_of(sku, house):
    return StockItem.objects.get(sku=sku, warehouse=house)


def suggest(sku, pieces, source="1"):
    suggest_purchase(
        pieces={sku.pk: pieces},
        source_type="presale",
        source_id=source,
        title="冬季预售",
        due_on=TODAY,
        at=AT,
    )
    return PurchaseSuggestion.objects.get(source_id=source, sku=sku)


def test_I_36_six_of_ten_leave_four_open(maker, house):
    sku = make_sku()
    supplier = make_supplier(moq=1)
    make_goods(supplier, sku, cost_fen=3_000)
    order = sent(supplier, house, {sku.pk: 10}, maker)
    assert item_of(sku, house).in_transit == 10

    receipt = receive(order, "DN-1", accepted=6)

    order.refresh_from_db()
    assert order.status == Status.PART_RECEIVED
    assert order.lines.get().left == 4
    item = item_of(sku, house)
    assert (item.on_hand, item.in_transit) == (6, 4)
    movement = StockMovement.objects.get(kind=StockMovement.Kind.RECEIPT)
    assert (movement.delta_on_hand, movement.delta_in_transit) == (6, -6)
    assert movement.source_id == f"{order.number}/DN-1"
    assert receipt.lines.get().accepted == 6
    charge = SupplierCharge.objects.get()
    assert (charge.kind, charge.amount_fen) == ("goods", 18_000)
    assert not broken_books()


def test_the_rest_completes_the_order_and_the_same_note_counts_once(maker, house):
    sku = make_sku()
    supplier = make_supplier(moq=1)
    make_goods(supplier, sku)
    order = sent(supplier, house, {sku.pk: 10}, maker)

    first = receive(order, "DN-1", accepted=6)
    assert receive(order, "DN-1", accepted=6) == first
    receive(order, "DN-2", accepted=4)

    order.refresh_from_db()
    assert order.status == Status.RECEIVED
    item = item_of(sku, house)
    assert (item.on_hand, item.in_transit) == (10, 0)
    assert SupplierCharge.objects.count() == 2


def test_more_than_was_ordered_is_refused_and_nothing_changes(maker, house):
    sku = make_sku()
    supplier = make_supplier(moq=1)
    make_goods(supplier, sku)
    order = sent(supplier, house, {sku.pk: 10}, maker)
    receive(order, "DN-1", accepted=6)

    with pytest.raises(OverReceipt) as refusal:
        receive(order, "DN-2", accepted=5)

    assert refusal.value.facts["left"] == 4
    item = item_of(sku, house)
    assert (item.on_hand, item.in_transit) == (6, 4)
    assert order.receipts.count() == 1
    assert SupplierCharge.objects.count() == 1


def test_pieces_that_fail_inspection_stay_open_and_are_not_owed(maker, house):
    sku = make_sku()
    supplier = make_supplier(moq=1)
    make_goods(supplier, sku)
    order = sent(supplier, house, {sku.pk: 1000}, maker)

    receive(order, "DN-1", accepted=989, refused=11)

    order.refresh_from_db()
    assert order.lines.get().left == 11
    assert item_of(sku, house).in_transit == 11
    fact = SupplierFact.objects.get(kind=SupplierFact.Kind.INSPECTED)
    assert (fact.good, fact.total) == (989, 1000)
    assert SupplierCharge.objects.get().amount_fen == 989 * 3_000


def test_closing_short_takes_the_rest_out_of_transit(maker, house):
    sku = make_sku()
    supplier = make_supplier(moq=1)
    make_goods(supplier, sku)
    order = sent(supplier, house, {sku.pk: 10}, maker)
    receive(order, "DN-1", accepted=6)

    close_purchase(order_id=order.pk, reason="工厂停产", at=AT, actor=maker)

    order.refresh_from_db()
    assert order.status == Status.CLOSED
    line = order.lines.get()
    assert (line.received, line.given_up, line.left) == (6, 4, 0)
    item = item_of(sku, house)
    assert (item.on_hand, item.in_transit) == (6, 0)
    with pytest.raises(PurchaseMoveRefused):
        receive(order, "DN-2", accepted=1)
    assert not broken_books()


def test_cancelling_takes_all_of_it_out_of_transit(maker, house):
    sku = make_sku()
    supplier = make_supplier(moq=1)
    make_goods(supplier, sku)
    order = sent(supplier, house, {sku.pk: 10}, maker)

    cancel_purchase(order_id=order.pk, reason="改款", at=AT, actor=maker)

    order.refresh_from_db()
    assert order.status == Status.CANCELLED
    assert item_of(sku, house).in_transit == 0
    entry = AuditEntry.objects.filter(verb="inventory.move_purchase").latest("pk")
    assert (entry.actor_id, entry.reason) == (maker.pk, "改款")


def test_what_has_come_in_part_is_closed_not_cancelled(maker, house):
    sku = make_sku()
    supplier = make_supplier(moq=1)
    make_goods(supplier, sku)
    order = sent(supplier, house, {sku.pk: 10}, maker)
    receive(order, "DN-1", accepted=6)

    with pytest.raises(PurchaseMoveRefused):
        cancel_purchase(order_id=order.pk, reason="x", at=AT, actor=maker)

    assert item_of(sku, house).in_transit == 4


def test_above_the_limit_another_person_approves(maker, house):
    sku = make_sku()
    supplier = make_supplier()
    make_goods(supplier, sku, cost_fen=2_000)
    order = draft(supplier, house, {sku.pk: 300}, maker)
    assert order.total_fen == 600_000

    with pytest.raises(PurchaseSecondPerson):
        approve_purchase(order_id=order.pk, at=AT, actor=maker)
    order.refresh_from_db()
    assert order.status == Status.DRAFT
    assert not StockItem.objects.filter(sku=sku).exists()

    other = make_operator()
    approve_purchase(order_id=order.pk, at=AT, actor=other)
    order.refresh_from_db()
    assert (order.status, order.approved_by_id) == (Status.APPROVED, other.pk)


def test_under_the_limit_its_maker_approves(maker, house):
    sku = make_sku()
    supplier = make_supplier(moq=10)
    make_goods(supplier, sku, cost_fen=2_000)
    order = draft(supplier, house, {sku.pk: 10}, maker)

    approve_purchase(order_id=order.pk, at=AT, actor=maker)

    order.refresh_from_db()
    assert order.status == Status.APPROVED


def test_I_25_a_suspended_supplier_receives_no_purchase_orders(maker, house):
    sku = make_sku()
    supplier = make_supplier(moq=1)
    make_goods(supplier, sku)
    early = draft(supplier, house, {sku.pk: 5}, maker)
    approved = draft(supplier, house, {sku.pk: 5}, maker)
    approve_purchase(order_id=approved.pk, at=AT, actor=maker)
    move_supplier(
        supplier_id=supplier.pk, to=Supplier.Status.SUSPENDED, reason="质量", at=AT, actor=maker
    )

    with pytest.raises(SupplierNotOrderable):
        draft(supplier, house, {sku.pk: 5}, maker)
    with pytest.raises(SupplierNotOrderable):
        approve_purchase(order_id=early.pk, at=AT, actor=maker)
    with pytest.raises(SupplierNotOrderable):
        send_purchase(order_id=approved.pk, at=AT, actor=maker)

    assert PurchaseOrder.objects.count() == 2
    early.refresh_from_db()
    assert early.status == Status.DRAFT


def test_fewer_than_the_supplier_makes_are_refused(maker, house):
    sku = make_sku()
    supplier = make_supplier()
    make_goods(supplier, sku)

    with pytest.raises(PurchaseUnderMinimum):
        draft(supplier, house, {sku.pk: 299}, maker)

    assert not PurchaseOrder.objects.exists()


def test_goods_it_does_not_offer_are_refused(maker, house):
    with pytest.raises(NobodySupplies):
        draft(make_supplier(), house, {make_sku().pk: 300}, maker)

    assert not PurchaseOrder.objects.exists()


def test_a_draft_is_written_anew_and_nothing_else_is(maker, house):
    sku = make_sku()
    supplier = make_supplier(moq=1)
    make_goods(supplier, sku, cost_fen=3_000)
    order = draft(supplier, house, {sku.pk: 5}, maker)

    change_purchase(order_id=order.pk, pieces={sku.pk: 8}, at=AT, actor=maker)
    order.refresh_from_db()
    assert (order.lines.get().quantity, order.total_fen) == (8, 24_000)

    approve_purchase(order_id=order.pk, at=AT, actor=maker)
    with pytest.raises(PurchaseMoveRefused):
        change_purchase(order_id=order.pk, pieces={sku.pk: 9}, at=AT, actor=maker)
    assert order.lines.get().quantity == 8


def test_I_36_the_cost_becomes_the_weighted_average(maker, house):
    sku = make_sku()
    make_stock(sku=sku, on_hand=10, cost_fen=2_000)
    supplier = make_supplier(moq=1)
    make_goods(supplier, sku, cost_fen=3_000)
    order = sent(supplier, house, {sku.pk: 30}, maker)

    receipt = receive(order, "DN-1", accepted=30)

    sku.refresh_from_db()
    assert sku.cost_fen == (10 * 2_000 + 30 * 3_000) // 40 == 2_750
    line = receipt.lines.get()
    assert (line.cost_before_fen, line.cost_after_fen) == (2_000, 2_750)


def test_I_37_a_need_of_120_suggests_300_in_seven_days(maker, house):
    sku = make_sku()
    make_goods(make_supplier(), sku)
    row = suggest(sku, 120)

    (order,) = order_suggested(suggestion_ids=[row.pk], warehouse_id=house.pk, at=AT, actor=maker)

    assert order.lines.get().quantity == 300
    assert order.expected_on == TODAY + timedelta(days=7)


def test_I_38_a_presale_of_450_makes_a_purchase_order_of_450(maker, house):
    sku = make_sku()
    make_goods(make_supplier(), sku)
    row = suggest(sku, 450)

    (order,) = order_suggested(suggestion_ids=[row.pk], warehouse_id=house.pk, at=AT, actor=maker)

    assert order.lines.get().quantity == 450
    assert order.note == "冬季预售"
    row.refresh_from_db()
    assert (row.settled_at, row.settled_by_id, row.note) == (AT, maker.pk, order.number)
    with pytest.raises(Conflict):
        order_suggested(suggestion_ids=[row.pk], warehouse_id=house.pk, at=AT, actor=maker)
    assert PurchaseOrder.objects.count() == 1


def test_O_32_a_presale_of_120_becomes_a_suggestion_of_120():
    row = suggest(make_sku(), 120)

    assert (row.pieces, row.settled_at) == (120, None)


def test_I_27_grade_A_is_preferred_though_it_costs_more(maker, house):
    sku = make_sku()
    make_goods(make_supplier(grade="B"), sku, cost_fen=2_000)
    best = make_supplier(grade="A")
    make_goods(best, sku, cost_fen=2_100)
    make_goods(make_supplier(grade="A", status="suspended"), sku, cost_fen=1_000)

    (order,) = order_suggested(
        suggestion_ids=[suggest(sku, 120).pk], warehouse_id=house.pk, at=AT, actor=maker
    )

    assert order.supplier == best


def test_two_causes_of_one_sku_are_ordered_together_and_a_cancelled_order_opens_both(maker, house):
    sku = make_sku()
    make_goods(make_supplier(), sku)
    rows = [suggest(sku, 200, "1"), suggest(sku, 250, "2")]

    (order,) = order_suggested(
        suggestion_ids=[row.pk for row in rows], warehouse_id=house.pk, at=AT, actor=maker
    )
    assert order.lines.get().quantity == 450
    assert not PurchaseSuggestion.objects.open().exists()

    cancel_purchase(order_id=order.pk, reason="改期", at=AT, actor=maker)
    assert PurchaseSuggestion.objects.open().count() == 2


def test_I_05_goods_come_to_the_warehouse_that_ran_low(maker, house):
    sku, supplier = make_sku(), make_supplier()
    make_goods(supplier, sku)
    far = make_warehouse(priority=99)
    for place in (house, far):
        make_stock(sku=sku, warehouse=place, on_hand=4, safety_stock=5)
    raise_alerts(AT)
    ids = [
        *PurchaseSuggestion.objects.values_list("pk", flat=True),
        suggest(sku, 120, "presale").pk,
    ]

    orders = order_suggested(suggestion_ids=ids, at=AT, actor=maker)

    pieces = {order.warehouse: order.lines.get().quantity for order in orders}
    assert pieces == {house: 420, far: 300}


def test_what_nobody_supplies_is_refused_whole(maker, house):
    offered, other = make_sku(), make_sku()
    make_goods(make_supplier(), offered)
    ids = [suggest(offered, 300, "1").pk, suggest(other, 300, "2").pk]

    with pytest.raises(NobodySupplies):
        order_suggested(suggestion_ids=ids, warehouse_id=house.pk, at=AT, actor=maker)

    assert not PurchaseOrder.objects.exists()
    assert PurchaseSuggestion.objects.open().count() == 2
