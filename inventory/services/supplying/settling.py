"""Settling a month with a supplier: drawn from its amounts, confirmed into the book, paid.

Payable is what the goods cost less the deductions. A confirmed statement never changes: amounts
that come later stand on the next one. Locks: the supplier's amounts, then the statement. Source:
I-34, I-42, O-48.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from inventory.errors import StatementMonthOpen, StatementMoveRefused
from inventory.models import (
    Supplier,
    SupplierCharge,
    SupplierStatement,
    SupplierStatementLine,
)
from inventory.selectors.sourcing import payment_term_days, supplier_policy
from inventory.services.numbers import document_number
from inventory.services.supplying.grading import month_before, month_bounds, month_of
from inventory.services.supplying.noting import lock_charges
from mall.kernel import audit, clock
from mall.kernel.ledger import post

PURCHASES, DEDUCTIONS, BANK = "purchases", "supplier_deductions", "bank"
Status = SupplierStatement.Status


def account_of(supplier: Supplier) -> str:
    """The account of the book that says what we owe a supplier."""
    return f"supplier:{supplier.code}"


def draw_statements(at: datetime) -> int:
    """Draw last month's statement of every supplier with amounts that stand on none; how many.

    Each is its own transaction; running it again draws nothing that is there.
    """
    running = month_of(clock.day_of(at))
    last = month_before(running)
    waiting = SupplierCharge.objects.filter(
        statement_line=None, at__lt=month_bounds(last)[1]
    ).exclude(supplier__statements__in=_settled(last))
    supplier_ids = list(waiting.order_by("supplier").values_list("supplier", flat=True).distinct())
    for supplier_id in supplier_ids:
        draw_statement(supplier_id=supplier_id, month=last, at=at)
    return len(supplier_ids)


def _settled(month: date) -> Any:
    return SupplierStatement.objects.filter(month=month).exclude(status=Status.DRAFT)


@transaction.atomic
def draw_statement(
    *, supplier_id: int, month: date, at: datetime, actor: Any = None
) -> SupplierStatement | None:
    """Draw the statement of a month that is over, or draw its draft anew; None without amounts.

    It takes every amount up to the end of the month that stands on no statement yet. Raises:
    StatementMonthOpen, StatementMoveRefused.
    """
    month = month_of(month)
    end = month_bounds(month)[1]
    if at < end:
        raise StatementMonthOpen(month=f"{month:%Y-%m}")
    lock_charges(supplier_id)
    rows = SupplierStatement.objects.filter(supplier=supplier_id, month=month)
    statement = rows.locked().first()
    if statement is not None:
        if statement.status != Status.DRAFT:
            raise _refused(statement)
        statement.lines.all().delete()
    charges = list(
        SupplierCharge.objects.filter(
            supplier=supplier_id, at__lt=end, statement_line=None
        ).order_by("at", "pk")
    )
    if not charges:
        return statement
    supplier = Supplier.objects.get(pk=supplier_id)
    if statement is None:
        statement = SupplierStatement(
            number=document_number("SS", at), supplier=supplier, month=month
        )
    _sum(statement, charges)
    statement.due_on = clock.day_of(end) + timedelta(
        days=payment_term_days(supplier, supplier_policy())
    )
    statement.drawn_at = at
    statement.save()
    SupplierStatementLine.objects.bulk_create(
        [SupplierStatementLine(statement=statement, charge=charge) for charge in charges]
    )
    _record(statement, "inventory.draw_statement", at, actor)
    return statement


def _sum(statement: SupplierStatement, charges: Sequence[SupplierCharge]) -> None:
    """Payable = what goods cost less what is deducted (I-42)."""
    amounts = [charge.amount_fen for charge in charges]
    statement.cost_fen = sum(amount for amount in amounts if amount > 0)
    statement.deducted_fen = -sum(amount for amount in amounts if amount < 0)
    statement.payable_fen = statement.cost_fen - statement.deducted_fen


@transaction.atomic
def confirm_statement(*, statement_id: int, at: datetime, actor: Any = None) -> SupplierStatement:
    """Both sides agree: the book owes the supplier, the statement is frozen.

    Raises: StatementMoveRefused.
    """
    statement = _locked(statement_id, Status.DRAFT)
    statement.status, statement.confirmed_at = Status.CONFIRMED, at
    statement.confirmed_by = actor
    statement.save(update_fields=["status", "confirmed_at", "confirmed_by"])
    post(
        kind="supplier_statement",
        reference=statement.number,
        amounts_fen={
            PURCHASES: statement.cost_fen,
            DEDUCTIONS: -statement.deducted_fen,
            account_of(statement.supplier): -statement.payable_fen,
        },
        at=at,
    )
    _record(statement, "inventory.confirm_statement", at, actor)
    return statement


@transaction.atomic
def pay_statement(
    *, statement_id: int, bank_reference: str, at: datetime, actor: Any = None
) -> SupplierStatement:
    """Note that the money has gone, once; a negative amount has come. Raises:
    StatementMoveRefused."""
    statement = _locked(statement_id, Status.CONFIRMED)
    statement.status, statement.paid_at, statement.paid_by = Status.PAID, at, actor
    statement.bank_reference = bank_reference
    statement.save(update_fields=["status", "paid_at", "paid_by", "bank_reference"])
    if statement.payable_fen:
        post(
            kind="supplier_payment",
            reference=statement.number,
            amounts_fen={
                account_of(statement.supplier): statement.payable_fen,
                BANK: -statement.payable_fen,
            },
            at=at,
        )
    _record(statement, "inventory.pay_statement", at, actor)
    return statement


def _locked(statement_id: int, status: str) -> SupplierStatement:
    rows = SupplierStatement.objects.select_related("supplier")
    statement = rows.locked().get(pk=statement_id)
    if statement.status != status:
        raise _refused(statement)
    return statement


def _refused(statement: SupplierStatement) -> StatementMoveRefused:
    label = Status(statement.status).label
    return StatementMoveRefused(number=statement.number, status=str(label))


def _record(statement: SupplierStatement, verb: str, at: datetime, actor: Any) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        target=statement,
        after={"status": statement.status, "payable_fen": statement.payable_fen},
        at=at,
    )
