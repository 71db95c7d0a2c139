"""Returns coming in: the grade of a piece says where it goes."""

import pytest

from catalog.testing import make_sku
from inventory.models import ReturnIntake, StockLoss, StockMovement
from inventory.services import ReturnedPiece, arrive_return, expect_return, receive_return
from inventory.testing import LONG_AGO, broken_books, make_stock
from mall.kernel import ledger

AT = LONG_AGO


@pytest.fixture
def item(db):
    return make_stock(sku=make_sku(), on_hand=10, cost_fen=4_000)


def take_in(item, *graded, number="AS1"):
    return receive_return(
        after_sale_number=number,
        lines=[ReturnedPiece(item.sku_id, pieces, grade) for grade, pieces in graded],
        warehouse_id=item.warehouse_id,
        at=AT,
    )


def test_O_47_grade_A_is_sold_again(item):
    take_in(item, ("A", 1))

    item.refresh_from_db()
    assert (item.available, item.defective) == (11, 0)
    assert not StockLoss.objects.exists()


def test_O_47_grade_C_adds_one_defect_and_a_loss(item):
    take_in(item, ("C", 1))

    item.refresh_from_db()
    assert (item.available, item.defective) == (10, 1)
    loss = StockLoss.objects.get()
    assert (loss.kind, loss.pieces, loss.cost_fen, loss.loss_fen) == ("returned", 1, 4_000, 0)
    assert ledger.balance_of("loss:stock") == 0, "it is still here: its disposal tells"


def test_O_47_grade_D_is_scrapped_and_its_cost_is_lost(item):
    take_in(item, ("D", 2))

    item.refresh_from_db()
    assert (item.available, item.defective) == (10, 0)
    kinds = list(item.movements.order_by("pk").values_list("kind", "delta_defective"))
    assert kinds[-2:] == [("return", 2), ("scrap", -2)]
    assert StockLoss.objects.get().loss_fen == 8_000
    assert ledger.balance_of("loss:stock") == 8_000
    assert ledger.balance_of("stock") == -8_000


def test_I_22_a_return_goes_through_all_its_states(item):
    expect_return(
        after_sale_number="AS1",
        pieces={item.sku_id: 4},
        warehouse_id=item.warehouse_id,
        at=AT,
    )
    seen = [ReturnIntake.objects.get().status]
    assert arrive_return(after_sale_number="AS1", at=AT)
    assert not arrive_return(after_sale_number="AS1", at=AT)
    seen.append(ReturnIntake.objects.get().status)
    intake = take_in(item, ("A", 1), ("B", 1), ("C", 1), ("D", 1))

    assert [*seen, intake.status] == ["expected", "arrived", "inspected"]
    item.refresh_from_db()
    assert (item.on_hand, item.defective) == (11, 2)
    assert not broken_books()


def test_an_inspection_is_booked_once(item):
    take_in(item, ("A", 1), ("C", 1))
    take_in(item, ("A", 5))

    item.refresh_from_db()
    assert (item.on_hand, item.defective) == (11, 1)
    assert StockMovement.objects.filter(kind="return").count() == 1


@pytest.mark.parametrize(("grade", "pieces"), [("E", 1), ("", 1), ("A", 0), ("C", -1)])
def test_a_grade_that_does_not_exist_changes_nothing(item, grade, pieces):
    with pytest.raises(ValueError, match="cannot come back"):
        take_in(item, (grade, pieces))

    item.refresh_from_db()
    assert (item.on_hand, item.defective) == (10, 0)
    assert not ReturnIntake.objects.exists()
