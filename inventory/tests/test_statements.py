"""Settlement with suppliers: amounts, statements, the book. Source: I-34, I-42, O-48."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from catalog.testing import make_operator
from inventory.errors import StatementMonthOpen, StatementMoveRefused
from inventory.models import SupplierCharge, SupplierStatement
from inventory.services import (
    confirm_statement,
    draw_statement,
    draw_statements,
    pay_statement,
    post_dropship_goods,
    post_quality_refund,
    post_return_freight,
    post_supplier_charge,
)
from inventory.testing import broken_books, make_agreement, make_supplier
from mall.kernel.ledger import balance_of
from mall.kernel.ledger.models import LedgerTransaction

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
IN_OCTOBER = datetime(2026, 10, 20, 4, tzinfo=UTC)
AT = datetime(2026, 11, 2, 4, tzinfo=UTC)
Status, Kind = SupplierStatement.Status, SupplierCharge.Kind


@pytest.fixture
def supplier():
    return make_supplier(grade="B")


def goods(supplier, amount_fen, reference="PO1/DN1", at=IN_OCTOBER):
    return post_supplier_charge(
        supplier_id=supplier.pk, kind=Kind.GOODS, reference=reference, amount_fen=amount_fen, at=at
    )


def freight(supplier, amount_fen, number="AS1", at=IN_OCTOBER, **values):
    return post_return_freight(
        supplier_id=supplier.pk, after_sale_number=number, amount_fen=amount_fen, at=at, **values
    )


def drawn(supplier):
    return draw_statement(supplier_id=supplier.pk, month=OCTOBER, at=AT)


def test_I_42_a_statement_is_the_sum_of_costs_less_the_deductions(supplier):
    make_agreement(supplier, starts_on=date(2026, 2, 1), dropship_fee_fen=150)
    goods(supplier, 900_000)
    post_dropship_goods(supplier_id=supplier.pk, sub_order="SO1", cost_fen=100_000, at=IN_OCTOBER)
    freight(supplier, 1_200)
    post_quality_refund(
        supplier_id=supplier.pk, after_sale_number="AS2", amount_fen=5_000, at=IN_OCTOBER
    )

    statement = drawn(supplier)

    assert statement.cost_fen == 900_000 + 100_000
    assert statement.deducted_fen == 1_200 + 5_000 + 150
    assert statement.payable_fen == 1_000_000 - 6_350
    assert statement.lines.count() == 5
    assert statement.due_on == date(2026, 12, 1)  # 30 days of grade B after the 1st of November


def test_O_48_a_ratio_of_100_percent_posts_the_whole_freight_to_the_statement(supplier):
    assert freight(supplier, 1_200) == 1_200
    assert freight(supplier, 1_200) == 1_200

    charge = SupplierCharge.objects.get()
    assert (charge.kind, charge.amount_fen) == (Kind.FREIGHT, -1_200)
    goods(supplier, 10_000)
    assert drawn(supplier).payable_fen == 8_800


def test_I_34_the_statement_uses_the_ratio_of_the_agreement(supplier):
    make_agreement(supplier, starts_on=date(2026, 2, 1), return_freight_bp=3_000, quality_bp=5_000)
    goods(supplier, 10_000)
    freight(supplier, 1_235)
    post_quality_refund(
        supplier_id=supplier.pk, after_sale_number="AS1", amount_fen=999, at=IN_OCTOBER
    )

    statement = drawn(supplier)

    assert statement.deducted_fen == 371 + 500  # 30 % of 12.35 and half of 9.99, half up
    facts = SupplierCharge.objects.get(kind=Kind.FREIGHT).facts
    assert facts == {"freight_fen": 1_235, "ratio_bp": 3_000}


def test_the_agreement_of_the_day_rules_not_the_one_of_today(supplier):
    make_agreement(supplier, starts_on=date(2026, 11, 1), return_freight_bp=0)

    assert freight(supplier, 1_000) == 1_000
    assert freight(supplier, 1_000, number="AS2", at=AT) == 0
    assert freight(supplier, 1_000, number="AS3", ratio_bp=2_500) == 250


def test_confirming_owes_the_supplier_and_paying_owes_nothing(supplier):
    goods(supplier, 10_000)
    freight(supplier, 1_200)
    statement, operator = drawn(supplier), make_operator()
    account = f"supplier:{supplier.code}"

    confirm_statement(statement_id=statement.pk, at=AT, actor=operator)
    assert balance_of(account) == -8_800
    assert (balance_of("purchases"), balance_of("supplier_deductions")) == (10_000, -1_200)
    pay_statement(statement_id=statement.pk, bank_reference="B1", at=AT, actor=operator)

    assert (balance_of(account), balance_of("bank")) == (0, -8_800)
    statement.refresh_from_db()
    assert (statement.status, statement.paid_by_id) == (Status.PAID, operator.pk)
    for verb in (confirm_statement, lambda **k: pay_statement(bank_reference="B2", **k)):
        with pytest.raises(StatementMoveRefused):
            verb(statement_id=statement.pk, at=AT, actor=operator)
    assert LedgerTransaction.objects.count() == 2
    assert not broken_books()


def test_more_deducted_than_owed_is_money_that_comes(supplier):
    freight(supplier, 1_200)
    statement = drawn(supplier)
    confirm_statement(statement_id=statement.pk, at=AT)

    pay_statement(statement_id=statement.pk, bank_reference="B1", at=AT)

    assert statement.payable_fen == -1_200
    assert balance_of("bank") == 1_200


def test_a_draft_is_drawn_anew_a_confirmed_one_never(supplier):
    goods(supplier, 10_000)
    first = drawn(supplier)
    goods(supplier, 5_000, reference="PO1/DN2")

    again = drawn(supplier)
    assert (again.pk, again.payable_fen) == (first.pk, 15_000)
    confirm_statement(statement_id=again.pk, at=AT)
    goods(supplier, 1_000, reference="PO1/DN3")
    with pytest.raises(StatementMoveRefused):
        drawn(supplier)

    again.refresh_from_db()
    assert (again.payable_fen, again.lines.count()) == (15_000, 2)


def test_a_late_amount_stands_on_the_next_statement(supplier):
    goods(supplier, 10_000)
    confirm_statement(statement_id=drawn(supplier).pk, at=AT)
    goods(supplier, 1_000, reference="late")

    assert draw_statements(AT) == 0
    assert draw_statements(datetime(2026, 12, 2, tzinfo=UTC)) == 1

    november = SupplierStatement.objects.get(month=date(2026, 11, 1))
    assert november.payable_fen == 1_000


def test_the_database_itself_keeps_a_confirmed_statement(supplier):
    goods(supplier, 10_000)
    statement = drawn(supplier)
    goods(supplier, 1_000, reference="late")
    charge = SupplierCharge.objects.get(reference="late")
    confirm_statement(statement_id=statement.pk, at=AT)
    mine = SupplierStatement.objects.filter(pk=statement.pk)

    for deed in (
        lambda: mine.update(cost_fen=1, payable_fen=1),
        lambda: mine.update(status=Status.DRAFT),
        lambda: statement.lines.all().delete(),
        lambda: statement.lines.create(charge=charge),
        mine.delete,
        lambda: SupplierCharge.objects.update(amount_fen=1),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()

    statement.refresh_from_db()
    assert (statement.status, statement.payable_fen) == (Status.CONFIRMED, 10_000)


def test_a_month_is_settled_when_it_is_over_in_shanghai(supplier):
    last_second = datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC)
    goods(supplier, 10_000, at=last_second)
    goods(supplier, 99, reference="November", at=datetime(2026, 10, 31, 16, tzinfo=UTC))

    with pytest.raises(StatementMonthOpen):
        draw_statement(supplier_id=supplier.pk, month=OCTOBER, at=last_second)

    assert drawn(supplier).payable_fen == 10_000


def test_the_timer_draws_every_supplier_once_and_nobody_without_amounts(supplier):
    make_supplier()
    goods(supplier, 10_000)

    assert draw_statements(AT) == 1
    assert draw_statements(AT) == 0
    assert draw_statement(supplier_id=make_supplier().pk, month=OCTOBER, at=AT) is None

    assert SupplierStatement.objects.count() == 1


def test_nothing_is_no_amount_and_a_sign_is_refused(supplier):
    assert not goods(supplier, 0)
    with pytest.raises(ValueError, match="sign"):
        goods(supplier, -1)

    assert not SupplierCharge.objects.exists()
