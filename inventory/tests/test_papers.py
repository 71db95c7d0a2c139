"""Papers of stock: transfers, stocktakes, defects; the rows' own numbers."""

import pytest
from django.contrib.auth import get_user_model

from catalog.models import ShelfMark
from catalog.testing import make_sku
from inventory.errors import (
    CountBelowReserved,
    NotEnoughDefects,
    NothingCounted,
    NotOnItsWay,
    OutOfStock,
    PaperMoveRefused,
    ReasonMissing,
    SamePerson,
)
from inventory.models import StockItem, StockLoss, StockMovement, Stocktake, Transfer
from inventory.services import (
    adjust_stock,
    approve_disposal,
    approve_stocktake,
    cancel_transfer,
    consume_stock,
    draft_transfer,
    drop_stocktake,
    enter_counts,
    finish_transfer,
    open_stocktake,
    propose_disposal,
    receive_transfer,
    refuse_disposal,
    refuse_stocktake,
    reserve_stock,
    send_transfer,
    set_defective,
    submit_stocktake,
    suggest_transfers,
)
from inventory.testing import LONG_AGO, broken_books, make_stock, make_warehouse
from mall.kernel import ledger
from mall.kernel.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
AT = LONG_AGO


def person(name):
    return get_user_model().objects.create(username=name, is_staff=True)


@pytest.fixture
def sku():
    return make_sku()


@pytest.fixture
def item(sku):
    return make_stock(sku=sku, on_hand=10, cost_fen=4_000)


def four(item):
    item.refresh_from_db()
    return item.on_hand, item.reserved, item.in_transit, item.defective


def reserve(sku, pieces, number="A1"):
    reserve_stock(order_number=number, wanted={"0": (sku.pk, pieces)}, region_code="33", at=AT)


# Transfers


@pytest.fixture
def ends(sku):
    north, south = make_warehouse(), make_warehouse()
    one = make_stock(sku=sku, on_hand=20, warehouse=north, cost_fen=4_000)
    two = make_stock(sku=sku, on_hand=0, warehouse=south)
    return one, two


def draft(ends, pieces=5):
    one, two = ends
    return draft_transfer(
        origin_id=one.warehouse_id, target_id=two.warehouse_id, pieces={one.sku_id: pieces}, at=AT
    )


def take(transfer, sku_id, pieces, reference):
    return receive_transfer(
        transfer_id=transfer.pk, pieces={sku_id: pieces}, reference=reference, at=AT
    )


def test_I_11_transfer_5_leaves_is_in_transit_and_arrives(ends):
    one, two = ends
    transfer = draft(ends)
    assert (four(one), four(two)) == ((20, 0, 0, 0), (0, 0, 0, 0))

    send_transfer(transfer_id=transfer.pk, at=AT)
    assert (four(one), four(two)) == ((15, 0, 0, 0), (0, 0, 5, 0))

    transfer = take(transfer, one.sku_id, 5, "R1")
    assert (four(one), four(two)) == ((15, 0, 0, 0), (5, 0, 0, 0))
    assert transfer.status == Transfer.Status.RECEIVED
    assert broken_books() == []
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert [verb for verb in verbs if "transfer" in verb] == [
        "inventory.draft_transfer",
        "inventory.send_transfer",
        "inventory.receive_transfer",
    ]


def test_a_transfer_arrives_in_parts_each_once(ends):
    one, two = ends
    transfer = draft(ends)
    send_transfer(transfer_id=transfer.pk, at=AT)

    assert take(transfer, one.sku_id, 2, "R1").status == Transfer.Status.SENT
    take(transfer, one.sku_id, 2, "R1")
    assert four(two) == (2, 0, 3, 0)
    with pytest.raises(NotOnItsWay):
        take(transfer, one.sku_id, 4, "R2")
    assert four(two) == (2, 0, 3, 0)
    assert take(transfer, one.sku_id, 3, "R2").status == Transfer.Status.RECEIVED
    with pytest.raises(PaperMoveRefused):
        take(transfer, one.sku_id, 1, "R3")


def test_promised_pieces_do_not_leave(ends, sku):
    one, two = ends
    reserve(sku, 18)
    transfer = draft(ends)

    with pytest.raises(OutOfStock):
        send_transfer(transfer_id=transfer.pk, at=AT)

    assert (four(one), four(two)) == ((20, 18, 0, 0), (0, 0, 0, 0))
    transfer.refresh_from_db()
    assert transfer.status == Transfer.Status.DRAFT


def test_what_never_arrives_is_lost_at_its_cost(ends):
    one, two = ends
    transfer = draft(ends)
    send_transfer(transfer_id=transfer.pk, at=AT)
    take(transfer, one.sku_id, 3, "R1")

    finish_transfer(transfer_id=transfer.pk, at=AT, note="fell off the lorry")

    assert four(two) == (3, 0, 0, 0)
    assert StockLoss.objects.values_list("kind", "pieces", "loss_fen").get() == (
        "on_the_way",
        2,
        8_000,
    )
    assert ledger.balance_of("loss:stock") == 8_000
    assert broken_books() == []


@pytest.mark.parametrize("sent", [False, True])
def test_a_transfer_called_off_leaves_everything_where_it_was(ends, sent):
    one, two = ends
    transfer = draft(ends)
    if sent:
        send_transfer(transfer_id=transfer.pk, at=AT)

    cancelled = cancel_transfer(transfer_id=transfer.pk, at=AT)

    assert cancelled.status == Transfer.Status.CANCELLED
    assert (four(one), four(two)) == ((20, 0, 0, 0), (0, 0, 0, 0))
    with pytest.raises(PaperMoveRefused):
        send_transfer(transfer_id=transfer.pk, at=AT)
    assert broken_books() == []


def test_the_last_piece_that_leaves_for_another_house_renews_the_card(ends):
    one, _two = ends
    ShelfMark.objects.all().delete()

    transfer = draft(ends, 20)
    send_transfer(transfer_id=transfer.pk, at=AT)
    assert ShelfMark.objects.get().product_id == one.sku.product_id
    ShelfMark.objects.all().delete()
    take(transfer, one.sku_id, 1, "R1")

    assert ShelfMark.objects.get().product_id == one.sku.product_id


def test_I_11_a_transfer_is_suggested_where_one_is_short_and_another_has_more(sku):
    rich = make_stock(sku=sku, on_hand=50, warehouse=make_warehouse(), safety_stock=5)
    short = make_stock(sku=sku, on_hand=1, warehouse=make_warehouse(), safety_stock=8)

    assert suggest_transfers(AT) == 1
    suggest_transfers(AT)

    transfer = Transfer.objects.get()
    assert (transfer.origin, transfer.target) == (rich.warehouse, short.warehouse)
    assert transfer.lines.get().pieces == 7
    send_transfer(transfer_id=transfer.pk, at=AT)
    assert suggest_transfers(AT) == 0, "enough is on its way"


# Stocktakes


def test_I_09_counted_8_of_10_is_minus_2_after_approval(item):
    maker, checker = person("maker"), person("checker")
    paper = open_stocktake(warehouse_id=item.warehouse_id, at=AT, actor=maker)
    enter_counts(
        stocktake_id=paper.pk, counted={item.pk: 8}, reasons={item.pk: "two are gone"}, at=AT
    )
    submit_stocktake(stocktake_id=paper.pk, at=AT, actor=maker)
    assert four(item)[0] == 10

    approve_stocktake(stocktake_id=paper.pk, at=AT, actor=checker)

    assert four(item)[0] == 8
    movement = item.movements.get(kind=StockMovement.Kind.COUNT)
    assert (movement.delta_on_hand, movement.actor) == (-2, checker)
    assert StockLoss.objects.values_list("kind", "pieces", "loss_fen").get() == (
        "missing",
        2,
        8_000,
    )
    assert broken_books() == []


def test_F_36_a_count_adds_its_difference_to_what_moved_meanwhile(item, sku):
    maker, checker = person("maker"), person("checker")
    paper = open_stocktake(warehouse_id=item.warehouse_id, at=AT)
    enter_counts(stocktake_id=paper.pk, counted={item.pk: 8}, reasons={item.pk: "x"}, at=AT)
    submit_stocktake(stocktake_id=paper.pk, at=AT, actor=maker)
    reserve(sku, 3)
    consume_stock(order_number="A1", pieces={"0": 3}, shipment_number="S1", at=AT)

    approve_stocktake(stocktake_id=paper.pk, at=AT, actor=checker)

    assert four(item)[0] == 5, "10 - 3 sold - 2 missing, not the counted 8"


def test_the_book_is_read_when_the_count_is_entered(item, sku):
    paper = open_stocktake(warehouse_id=item.warehouse_id, at=AT)
    reserve(sku, 3)
    consume_stock(order_number="A1", pieces={"0": 3}, shipment_number="S1", at=AT)

    differing = enter_counts(stocktake_id=paper.pk, counted={item.pk: 7}, reasons={}, at=AT)

    assert differing == 0
    line = paper.lines.get()
    assert (line.book, line.counted, line.difference) == (7, 7, 0)


def test_a_maker_is_no_checker(item):
    maker = person("maker")
    paper = adjust_stock(item_id=item.pk, difference=-2, reason="torn", at=AT, actor=maker)

    for decide in (approve_stocktake, refuse_stocktake):
        with pytest.raises(SamePerson):
            decide(stocktake_id=paper.pk, at=AT, actor=maker)

    assert four(item)[0] == 10
    paper.refresh_from_db()
    assert paper.status == Stocktake.Status.WAITING


def test_an_adjustment_is_booked_when_somebody_else_approves(item):
    paper = adjust_stock(
        item_id=item.pk, difference=-2, reason="torn", at=AT, actor=person("maker")
    )

    approve_stocktake(stocktake_id=paper.pk, at=AT, actor=person("checker"))

    assert four(item)[0] == 8
    assert StockLoss.objects.get().kind == "written_off"
    with pytest.raises(PaperMoveRefused):
        approve_stocktake(stocktake_id=paper.pk, at=AT, actor=person("third"))
    assert four(item)[0] == 8


def test_a_refused_paper_books_nothing(item):
    paper = adjust_stock(item_id=item.pk, difference=5, reason="found", at=AT, actor=person("a"))

    refuse_stocktake(stocktake_id=paper.pk, at=AT, actor=person("b"))

    assert four(item)[0] == 10
    with pytest.raises(PaperMoveRefused):
        approve_stocktake(stocktake_id=paper.pk, at=AT, actor=person("c"))


def test_a_list_opened_by_mistake_is_dropped(item):
    paper = open_stocktake(warehouse_id=item.warehouse_id, at=AT)

    drop_stocktake(stocktake_id=paper.pk, at=AT, actor=person("a"))

    paper.refresh_from_db()
    assert paper.status == Stocktake.Status.DROPPED
    assert AuditEntry.objects.filter(verb="inventory.drop_stocktake").count() == 1
    other = person("b")
    for late in (drop_stocktake, submit_stocktake):
        with pytest.raises(PaperMoveRefused):
            late(stocktake_id=paper.pk, at=AT, actor=other)
    assert four(item)[0] == 10


def test_a_list_handed_in_is_refused_not_dropped(item):
    paper = adjust_stock(item_id=item.pk, difference=5, reason="found", at=AT, actor=person("a"))

    with pytest.raises(PaperMoveRefused):
        drop_stocktake(stocktake_id=paper.pk, at=AT, actor=person("b"))

    paper.refresh_from_db()
    assert paper.status == Stocktake.Status.WAITING


def test_a_difference_needs_a_reason_and_a_paper_a_count(item):
    paper = open_stocktake(warehouse_id=item.warehouse_id, at=AT)

    with pytest.raises(NothingCounted):
        submit_stocktake(stocktake_id=paper.pk, at=AT, actor=person("a"))
    with pytest.raises(ReasonMissing):
        enter_counts(stocktake_id=paper.pk, counted={item.pk: 8}, reasons={}, at=AT)

    assert paper.lines.get().counted is None


def test_promised_pieces_are_never_counted_away(item, sku):
    paper = adjust_stock(item_id=item.pk, difference=-5, reason="x", at=AT, actor=person("a"))
    reserve(sku, 8)

    with pytest.raises(CountBelowReserved):
        approve_stocktake(stocktake_id=paper.pk, at=AT, actor=person("b"))
    with pytest.raises(CountBelowReserved):
        adjust_stock(item_id=item.pk, difference=-5, reason="x", at=AT, actor=person("c"))

    assert four(item)[0] == 10
    paper.refresh_from_db()
    assert paper.status == Stocktake.Status.WAITING
    assert not StockLoss.objects.exists()


# Defects


@pytest.fixture
def broken(item):
    return set_defective(
        item_id=item.pk, pieces=3, reason="torn", source_id="d1", at=AT, actor=person("keeper")
    )


def dispose(item, way, pieces=2, proceeds_fen=0):
    paper = propose_disposal(
        item_id=item.pk,
        way=way,
        pieces=pieces,
        proceeds_fen=proceeds_fen,
        reason="torn",
        at=AT,
        actor=person("maker"),
    )
    return approve_disposal(disposal_id=paper.pk, at=AT, actor=person("checker"))


def test_found_defects_leave_what_is_sold(broken):
    assert four(broken) == (7, 0, 0, 3)
    set_defective(item_id=broken.pk, pieces=3, reason="torn", source_id="d1", at=AT)
    assert four(broken) == (7, 0, 0, 3)
    loss = StockLoss.objects.get()
    assert (loss.kind, loss.pieces, loss.loss_fen) == ("damage", 3, 0)
    with pytest.raises(OutOfStock):
        set_defective(item_id=broken.pk, pieces=8, reason="x", source_id="d2", at=AT)


def test_I_13_scrap_posts_its_loss(broken):
    dispose(broken, "scrap")

    assert four(broken) == (7, 0, 0, 1)
    assert ledger.balance_of("loss:stock") == 8_000
    assert ledger.balance_of("stock") == -8_000
    loss = StockLoss.objects.get(kind="scrap")
    assert (loss.pieces, loss.loss_fen) == (0, 8_000), "counted when they were found"
    assert broken_books() == []


def test_I_13_a_b_grade_sale_loses_what_it_does_not_bring(broken):
    dispose(broken, "sell", proceeds_fen=5_000)

    assert four(broken) == (7, 0, 0, 1)
    assert ledger.balance_of("loss:stock") == 3_000
    assert ledger.balance_of("cash:disposals") == 5_000
    assert ledger.balance_of("stock") == -8_000


def test_I_13_a_supplier_takes_them_back_at_full_credit(broken):
    dispose(broken, "supplier", proceeds_fen=8_000)

    assert ledger.balance_of("loss:stock") == 0
    assert ledger.balance_of("suppliers:credit") == 8_000
    assert broken.movements.filter(kind="return_to_supplier").count() == 1


def test_defects_are_disposed_of_once_and_by_two_people(broken):
    maker, checker = person("m"), person("c")
    first = propose_disposal(
        item_id=broken.pk, way="scrap", pieces=2, reason="torn", at=AT, actor=maker
    )

    with pytest.raises(NotEnoughDefects):
        propose_disposal(
            item_id=broken.pk, way="scrap", pieces=2, reason="torn", at=AT, actor=maker
        )
    with pytest.raises(SamePerson):
        approve_disposal(disposal_id=first.pk, at=AT, actor=maker)
    refuse_disposal(disposal_id=first.pk, at=AT, actor=checker)
    with pytest.raises(PaperMoveRefused):
        approve_disposal(disposal_id=first.pk, at=AT, actor=checker)

    assert four(broken) == (7, 0, 0, 3)
    assert ledger.balance_of("loss:stock") == 0
    assert StockItem.objects.count() == 1
