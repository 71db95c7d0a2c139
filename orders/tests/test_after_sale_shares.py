"""What bad goods cost their supplier: return freight and refunds on its statement (O-48, I-42)."""

from datetime import date

import pytest

from inventory.models import StockItem, SupplierCharge
from inventory.services import draw_statement, post_supplier_charge
from inventory.testing import make_agreement, make_goods, make_supplier
from members.models import Wallet
from members.testing import make_operator
from orders.models import AfterSale, ReturnFreightRule
from orders.services import approve_after_sale, inspect_return, refund_after_sale
from orders.tests.cases import LATER, ask, sent_order

pytestmark = pytest.mark.django_db
Kind = SupplierCharge.Kind


@pytest.fixture
def supplier():
    return make_supplier(grade="B")


@pytest.fixture
def order(supplier):
    """A received order of two pieces that the supplier sold us."""
    found = sent_order(received=True, quantity=2)
    make_goods(supplier, found.lines.get().sku)
    return found


def sent_back(order, reason="quality", freight_fen=1_200):
    """One piece came back whole and is paid back."""
    operator = make_operator()
    case = ask(order, kind="return_refund", reason=reason)
    approve_after_sale(number=case.number, actor=operator, at=LATER)
    stock = StockItem.objects.get(sku=order.lines.get().sku)
    inspect_return(
        number=case.number,
        grades={case.lines.get().pk: {"A": 1}},
        warehouse_id=stock.warehouse_id,
        return_freight_fen=freight_fen,
        actor=operator,
        at=LATER,
    )
    refund_after_sale(number=case.number, actor=make_operator(), at=LATER)
    return AfterSale.objects.get(pk=case.pk)


def deducted(supplier):
    return dict(SupplierCharge.objects.filter(supplier=supplier).values_list("kind", "amount_fen"))


def test_O_48_quality_at_100_percent_posts_freight_and_refund_to_the_statement(supplier, order):
    post_supplier_charge(
        supplier_id=supplier.pk, kind=Kind.GOODS, reference="PO1", amount_fen=900_000, at=LATER
    )

    case = sent_back(order)

    assert case.freight_payer == ReturnFreightRule.Payer.SUPPLIER
    assert deducted(supplier) == {
        Kind.GOODS: 900_000,
        Kind.FREIGHT: -1_200,
        Kind.QUALITY: -case.goods_fen,
    }
    month = LATER.date().replace(day=1)
    after = LATER.replace(year=LATER.year + 1)
    statement = draw_statement(supplier_id=supplier.pk, month=month, at=after)
    assert statement.payable_fen == 900_000 - 1_200 - case.goods_fen
    assert Wallet.objects.get(member=order.member).balance_fen == 1_200


def test_the_agreement_says_which_share(supplier, order):
    make_agreement(supplier, starts_on=date(2026, 1, 1), return_freight_bp=3_000, quality_bp=5_000)

    case = sent_back(order)

    assert deducted(supplier) == {Kind.FREIGHT: -360, Kind.QUALITY: -case.goods_fen // 2}


def test_goods_of_quality_that_stay_with_the_buyer_are_deducted_too(supplier, order):
    case = ask(order, reason="quality")
    approve_after_sale(number=case.number, actor=make_operator(), at=LATER)

    assert deducted(supplier) == {Kind.QUALITY: -case.goods_fen}


@pytest.mark.parametrize("reason", ["no_reason", "damaged"])
def test_what_is_not_the_suppliers_fault_is_not_deducted_from_it(supplier, order, reason):
    """Damage on a way that was ours is ours; our rule still shares the freight of it."""
    sent_back(order, reason, freight_fen=0)

    assert deducted(supplier) == {}


def test_a_rule_that_spares_suppliers_spares_them_wholly(supplier, order):
    ReturnFreightRule.objects.filter(reason="quality").update(payer="merchant")

    sent_back(order)

    assert deducted(supplier) == {}
