"""Writing an imported order history: all of a file in one transaction, or nothing of it.

Every source row is kept to the thousandth (ImportedLine); what is an order becomes one, what is
stock
becomes movements, what is money becomes ledger entries. Rules: docs/imports.md.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from catalog.services import ArchivedSku, archive_goods
from inventory.services import PastChange, archive_stock_changes
from mall.kernel import ledger
from members.services import archive_customers
from orders.errors import ImportRefused
from orders.importing import BadRow, Deal, Kind, Refunded, Row, make_deals
from orders.importing.deals import fen_of
from orders.importing.sorting import LEDGER, STOCK
from orders.models import (
    ImportBatch,
    ImportedLine,
    Order,
    OrderHistory,
    OrderLine,
    Payment,
    Refund,
)

CHUNK = 2_000
Progress = Callable[[str, int, int], None]
DONE, ALL_BACK = Order.Status.COMPLETED, Order.Status.CLOSED


@dataclass(slots=True)
class History:
    """What a file holds, sorted: ready to be counted or written."""

    rows: list[tuple[Row, Kind]]
    bad: list[BadRow]
    deals: list[Deal]
    refunds: list[Refunded]
    unmatched: list[Row]
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def amount_thousandths(self) -> int:
        return sum(row.amount_thousandths for row, _kind in self.rows)


def sort_history(
    read: Iterable[Row | BadRow], sort: Callable[[Row], Kind], rate_fen: int
) -> History:
    """Sort what was read; writes nothing, so it is the dry run too."""
    rows: list[tuple[Row, Kind]] = []
    bad: list[BadRow] = []
    for row in read:
        if isinstance(row, BadRow):
            bad.append(row)
        else:
            rows.append((row, sort(row)))
    deals, refunds, unmatched = make_deals(rows, rate_fen)
    return History(rows, bad, deals, refunds, unmatched, Counter(kind for _row, kind in rows))


def imported_before(sha256: str) -> ImportBatch | None:
    """The finished import of the same file, None when there is none."""
    return ImportBatch.objects.filter(sha256=sha256, finished_at__isnull=False).first()


@transaction.atomic
def import_history(
    *,
    history: History,
    sha256: str,
    file_name: str,
    rate_fen: int,
    at: datetime,
    progress: Progress,
) -> ImportBatch:
    """Write a sorted history. Queries: a constant number per 2,000 rows, four per ledger row.

    Raises: ImportRefused when the file or one of its invoices is there already.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    if imported_before(sha256) or _known_invoices(history.deals):
        raise ImportRefused(file=file_name)
    batch = ImportBatch.objects.create(
        sha256=sha256,
        file_name=file_name[:120],
        rate_fen=rate_fen,
        rows=len(history.rows),
        started_at=at,
    )
    line_of = _write_orders(history, at, progress)
    _write_refunds(history.refunds)
    _write_rest(history, batch, at)
    _write_rows(history.rows, batch, line_of, progress)
    batch.finished_at = at
    batch.save(update_fields=["finished_at"])
    return batch


def number_of(invoice: str) -> str:
    """The order number of an imported invoice."""
    return f"IM{invoice}"


def _known_invoices(deals: Sequence[Deal]) -> bool:
    numbers = [number_of(deal.invoice) for deal in deals]
    return Order.objects.filter(number__in=numbers).exists()


def _write_orders(history: History, at: datetime, progress: Progress) -> dict[int, int]:
    goods = _goods(history.rows)
    members = archive_customers(
        numbers={deal.customer for deal in history.deals if deal.customer}, at=at
    )
    line_of: dict[int, int] = {}
    for start in range(0, len(history.deals), CHUNK):
        deals = history.deals[start : start + CHUNK]
        orders = Order.objects.bulk_create([_order(deal, members) for deal in deals])
        lines = [
            _line(order, position, line, goods)
            for order, deal in zip(orders, deals, strict=True)
            for position, line in enumerate(deal.lines, 1)
        ]
        OrderLine.objects.bulk_create(lines, batch_size=CHUNK)
        sources = (line.row.number for deal in deals for line in deal.lines)
        line_of.update((n, line.pk) for n, line in zip(sources, lines, strict=True))
        Payment.objects.bulk_create(
            [_payment(order) for order in orders if order.payable_fen], batch_size=CHUNK
        )
        OrderHistory.objects.bulk_create(
            [
                OrderHistory(
                    order=order, to_status=order.status, code="imported", at=order.placed_at
                )
                for order in orders
            ],
            batch_size=CHUNK,
        )
        progress("orders", start + len(deals), len(history.deals))
    return line_of


def _goods(rows: Sequence[tuple[Row, Kind]]) -> dict[str, ArchivedSku]:
    """A SKU per stock code of goods; its title is the description met most often."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for row, kind in rows:
        if kind in {Kind.GOODS, Kind.GIFT, Kind.RETURN} or kind in STOCK:
            names[row.stock_code][row.description] += bool(row.description)
    return archive_goods(
        titles={
            code: max(seen, key=lambda text: (seen[text], text)) for code, seen in names.items()
        }
    )


def _order(deal: Deal, members: dict[str, int]) -> Order:
    payable = deal.goods_fen + deal.freight_fen
    gone = deal.is_all_returned and bool(deal.refunded_fen)
    return Order(
        number=number_of(deal.invoice),
        member_id=members.get(deal.customer),
        source=Order.Source.IMPORT,
        status=ALL_BACK if gone else DONE,
        close_reason=Order.CloseReason.REFUNDED if gone else "",
        placed_at=deal.at,
        paid_at=deal.at,
        shipped_at=deal.at,
        received_at=deal.at,
        completed_at=None if gone else deal.at,
        closed_at=deal.at if gone else None,
        goods_fen=deal.goods_fen,
        freight_fen=deal.freight_fen,
        freight_base_fen=deal.freight_fen,
        payable_fen=payable,
        paid_fen=payable,
        refunded_fen=deal.refunded_fen,
        region_names=[deal.country],
    )


def _line(order: Order, position: int, line, goods: dict[str, ArchivedSku]) -> OrderLine:  # type: ignore[no-untyped-def]
    sku = goods.get(line.row.stock_code)
    text = line.row.description or line.row.stock_code
    return OrderLine(
        order=order,
        position=position,
        sku_id=sku and sku.sku_id,
        product_id=sku and sku.product_id,
        sku_code=line.row.stock_code,
        title_zh=text,
        title_en=text,
        quantity=line.row.quantity,
        list_fen=line.amount_fen,
        payable_fen=line.amount_fen,
        shipped=line.row.quantity - line.returned,
        refunded=line.returned,
        refunded_fen=line.refunded_fen,
    )


def _payment(order: Order) -> Payment:
    return Payment(
        payment_no=order.number,
        order=order,
        provider="import",
        scene="import",
        amount_fen=order.payable_fen,
        status=Payment.Status.SUCCEEDED,
        created_at=order.placed_at,
        expires_at=order.placed_at,
        succeeded_at=order.placed_at,
    )


def _write_refunds(refunds: Sequence[Refunded]) -> None:
    numbers = {number_of(refund.deal.invoice) for refund in refunds}
    payments = {
        payment.payment_no: payment for payment in Payment.objects.filter(payment_no__in=numbers)
    }
    Refund.objects.bulk_create(
        [
            Refund(
                refund_no=f"{number_of(refund.deal.invoice)}-{refund.cancellation}",
                payment=payments[number_of(refund.deal.invoice)],
                order_id=payments[number_of(refund.deal.invoice)].order_id,
                amount_fen=refund.amount_fen,
                reason="import",
                status=Refund.Status.SUCCEEDED,
                next_at=refund.at,
                created_at=refund.at,
                succeeded_at=refund.at,
            )
            for refund in refunds
            if refund.amount_fen
        ],
        batch_size=CHUNK,
    )


def _write_rest(history: History, batch: ImportBatch, at: datetime) -> None:
    """Losses and finds to the stock, fees and credits to the ledger."""
    goods = _goods(history.rows)
    archive_stock_changes(
        changes=[
            PastChange(
                goods[row.stock_code].sku_id, row.quantity, f"{batch.pk}:{row.number}", row.at
            )
            for row, kind in history.rows
            if kind in STOCK
        ],
        opened_at=min((row.at for row, _kind in history.rows), default=at),
    )
    money = [(row, kind) for row, kind in history.rows if kind in LEDGER]
    money += [(row, Kind.RETURN) for row in history.unmatched]
    for row, kind in money:
        amount = fen_of(row, batch.rate_fen)
        if amount:
            ledger.post(
                kind=f"import_{kind}",
                reference=f"{batch.pk}:{row.number}",
                amounts_fen={"import:clearing": amount, f"import:{kind}": -amount},
                at=row.at,
            )


def _write_rows(
    rows: Sequence[tuple[Row, Kind]],
    batch: ImportBatch,
    line_of: dict[int, int],
    progress: Progress,
) -> None:
    for start in range(0, len(rows), CHUNK * 5):
        part = rows[start : start + CHUNK * 5]
        ImportedLine.objects.bulk_create(
            [
                ImportedLine(
                    batch_id=batch.pk,
                    row=row.number,
                    kind=kind,
                    invoice=row.invoice,
                    stock_code=row.stock_code,
                    description=row.description,
                    quantity=row.quantity,
                    price_thousandths=row.price_thousandths,
                    amount_thousandths=row.amount_thousandths,
                    customer=row.customer,
                    country=row.country,
                    at=row.at,
                    line_id=line_of.get(row.number),
                )
                for row, kind in part
            ],
            batch_size=CHUNK,
        )
        progress("rows", start + len(part), len(rows))
