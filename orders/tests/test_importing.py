"""The rules of docs/imports.md, on paper and in the database."""

import csv
import gzip
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from inventory.models import StockMovement
from mall.kernel.invariants import audit
from mall.kernel.ledger.models import LedgerEntry
from members.models import Member
from orders.importing import BadRow, Kind, Row, make_deals, read_rows, sort_row
from orders.importing.rows import COLUMNS, thousandths
from orders.models import ImportedLine, Order, OrderLine, Refund

HEADER = ",".join(COLUMNS)


def lines_of(*rows: str) -> list[str]:
    return [HEADER, *rows]


def row_of(text: str) -> Row:
    (row,) = read_rows(lines_of(text))
    assert isinstance(row, Row), row
    return row


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6.95", 6950),
        ("2.1", 2100),
        ("0.001", 1),
        ("-53594.36", -53_594_360),
        ("7", 7000),
        ("1.2345", None),
        ("1e3", None),
        ("NaN", None),
        ("", None),
        ("１", None),
    ],
)
def test_prices_are_read_to_the_thousandth_or_not_at_all(text, value):
    assert thousandths(text) == value


SORTED = [
    ("489434,85048,BALL,12,2009-12-01 07:45:00,6.95,13085,United Kingdom", Kind.GOODS),
    ("489434,72349b,CASE LETTER,1,2009-12-01 07:45:00,6.95,,United Kingdom", Kind.GOODS),
    ("489434,85048,BALL,1,2009-12-01 07:45:00,0.0,13085,United Kingdom", Kind.GIFT),
    ("489434,gift_0001_20,VOUCHER,1,2009-12-01 07:45:00,17.39,,United Kingdom", Kind.VOUCHER),
    ("489434,M,Manual,1,2009-12-01 07:45:00,4.0,,United Kingdom", Kind.MANUAL),
    ("489434,POST,POSTAGE,3,2009-12-01 07:45:00,18.0,12682,France", Kind.FREIGHT),
    ("C489535,85048,BALL,-2,2009-12-02 07:45:00,6.95,13085,United Kingdom", Kind.RETURN),
    ("C489535,D,Discount,-1,2009-12-01 12:11:00,9.0,15299,United Kingdom", Kind.CREDIT),
    ("C496350,M,Manual,1,2010-02-01 08:24:00,373.57,,United Kingdom", Kind.CREDIT),
    ("C490943,BANK CHARGES,Bank,-1,2009-12-08 14:08:00,15.0,16703,UK", Kind.FEE),
    ("495732,ADJUST,Adjustment,1,2010-01-26 16:20:00,96.46,,EIRE", Kind.ADJUSTMENT),
    ("C500305,S,SAMPLES,-1,2010-03-07 10:59:00,73.8,,UK", Kind.SAMPLE),
    ("A506401,B,Adjust bad debt,1,2010-04-29 13:36:00,-53594.36,,UK", Kind.BAD_DEBT),
    ("489464,21733,85123a mixed,-96,2009-12-01 10:52:00,0.0,,UK", Kind.WRITE_OFF),
    ("489464,21733,found,96,2009-12-01 10:52:00,0.0,,UK", Kind.FOUND),
    ("491725,TEST001,This is a test product.,10,2009-12-14 08:34:00,4.5,12346,UK", Kind.TEST),
    ("518785,C3,,-4999,2010-08-11 16:55:00,0.0,,UK", Kind.NOTHING),
]


@pytest.mark.parametrize(("text", "kind"), SORTED)
def test_every_row_has_one_kind(text, kind):
    assert sort_row(row_of(text)) is kind


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("48943,85048,B,1,2009-12-01 07:45:00,1.0,,UK", "Invoice"),
        ("489434,,B,1,2009-12-01 07:45:00,1.0,,UK", "StockCode"),
        ("489434,85048,B,0,2009-12-01 07:45:00,1.0,,UK", "Quantity"),
        ("489434,85048,B,1.5,2009-12-01 07:45:00,1.0,,UK", "Quantity"),
        ("489434,85048,B,1,01/12/2009,1.0,,UK", "InvoiceDate"),
        ("489434,85048,B,1,2009-12-01 07:45:00,abc,,UK", "Price"),
        ("489434,85048,B,1,2009-12-01 07:45:00,1.0,x1,UK", "CustomerID"),
        ("489434,85048,B,1", "row"),
    ],
)
def test_a_bad_row_says_its_line_its_field_and_why(text, field):
    (bad,) = read_rows(lines_of(text))

    assert isinstance(bad, BadRow)
    assert (bad.number, bad.field) == (2, field)
    assert bad.reason


def test_a_wrong_header_is_refused():
    with pytest.raises(ValueError, match="header"):
        list(read_rows(["a,b,c"]))


def test_returns_take_from_the_latest_earlier_order_and_give_back_every_fen():
    rows = [
        row_of("500001,85048,B,3,2010-01-01 09:00:00,0.333,777,UK"),
        row_of("500002,85048,B,2,2010-01-02 09:00:00,0.333,777,UK"),
        row_of("C500003,85048,B,-4,2010-01-03 09:00:00,0.333,777,UK"),
        row_of("C500004,85048,B,-1,2010-01-04 09:00:00,0.333,777,UK"),
        row_of("C500005,85048,B,-1,2010-01-05 09:00:00,0.333,777,UK"),
    ]

    deals, refunds, unmatched = make_deals(((row, sort_row(row)) for row in rows), rate_fen=920)

    assert [deal.is_all_returned for deal in deals] == [True, True]
    assert [deal.refunded_fen for deal in deals] == [deal.goods_fen for deal in deals]
    assert sum(refund.amount_fen for refund in refunds) == sum(deal.goods_fen for deal in deals)
    assert [row.invoice for row in unmatched] == ["C500005"]


FILE = [
    "489434,85048,BALL,12,2009-12-01 07:45:00,6.95,13085,United Kingdom",
    "489434,85048,BALL,12,2009-12-01 07:45:00,6.95,13085,United Kingdom",
    "489434,POST,POSTAGE,1,2009-12-01 07:45:00,18.0,13085,United Kingdom",
    "489435,79323w,LIGHTS,1,2009-12-01 07:46:00,2.101,,United Kingdom",
    "489436,POST,POSTAGE,1,2009-12-01 07:47:00,3.0,,France",
    "C489500,85048,BALL,-5,2009-12-02 07:45:00,6.95,13085,United Kingdom",
    "C489501,85048,BALL,-5,2009-12-02 07:45:00,1.95,13085,United Kingdom",
    "A506401,B,Adjust bad debt,1,2010-04-29 13:36:00,-53594.36,,United Kingdom",
    "489464,21733,damaged,-96,2009-12-01 10:52:00,0.0,,United Kingdom",
    "489465,21733,found,16,2009-12-03 10:52:00,0.0,,United Kingdom",
    "491725,TEST001,This is a test product.,10,2009-12-14 08:34:00,4.5,12346,United Kingdom",
    "bad,85048,BALL,1,2009-12-01 07:45:00,6.95,,United Kingdom",
]


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(gzip.compress("\n".join(lines_of(*FILE)).encode()))
    return path


def run(path, *options):
    out = StringIO()
    call_command("import_orders", str(path), *options, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.django_db
def test_a_file_becomes_orders_refunds_stock_and_ledger_and_the_audit_is_clean(source, tmp_path):
    said = run(source, "--report", str(tmp_path / "bad.csv"))

    assert "1 bad rows" in said
    assert "sum of the source: -53403.959" in said
    first, second, third = Order.objects.order_by("number")
    assert (first.number, first.status, first.freight_fen) == ("IM489434", "completed", 16_560)
    assert first.lines.count() == 2
    assert first.refunded_fen == Refund.objects.get().amount_fen == 31_970
    assert second.member is None
    assert third.lines.get().title_en == "POSTAGE"
    assert ImportedLine.objects.count() == 11
    assert ImportedLine.objects.aggregate(s=Sum("amount_thousandths"))["s"] == -53_403_959
    kinds = StockMovement.objects.order_by("pk").values_list("kind", "delta_on_hand")
    assert list(kinds) == [("receipt", 96), ("write_off", -96), ("count", 16)]
    assert (
        LedgerEntry.objects.filter(account__code="import:bad_debt").get().amount_fen == 49_306_811
    )
    assert LedgerEntry.objects.filter(account__code="import:return").count() == 1
    assert Member.objects.get(nickname="import-13085").account.is_active is False
    assert [violation for _invariant, violation in audit() if violation] == []
    with (tmp_path / "bad.csv").open(newline="") as report:
        assert list(csv.reader(report))[1][:2] == ["13", "Invoice"]


@pytest.mark.django_db
def test_a_rerun_adds_nothing(source):
    run(source)
    before = (Order.objects.count(), OrderLine.objects.count(), ImportedLine.objects.count())

    assert "imported before" in run(source)

    assert (
        Order.objects.count(),
        OrderLine.objects.count(),
        ImportedLine.objects.count(),
    ) == before


@pytest.mark.django_db
def test_another_file_with_a_known_invoice_changes_nothing(source, tmp_path):
    run(source)
    other = tmp_path / "other.csv"
    other.write_text("\n".join(lines_of(*FILE[:1])))

    with pytest.raises(CommandError, match="other.csv"):
        run(other)

    assert Order.objects.count() == 3


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(source):
    assert "Dry run" in run(source, "--dry-run")

    assert not Order.objects.exists()
    assert not ImportedLine.objects.exists()


@pytest.mark.django_db
def test_a_file_of_another_shape_is_refused_in_words(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_orders", str(path))


@pytest.mark.long
@pytest.mark.django_db
def test_the_real_year_comes_in_whole_and_adds_up_to_the_thousandth():
    folder = os.environ.get("MALL_DATA_DIR")
    assert folder, "not run: MALL_DATA_DIR must name the folder of the real data sets"
    (path,) = Path(folder, "online_retail_y1").glob("online_retail_*.csv.gz")

    said = run(path)

    assert "0 bad rows" in said
    assert ImportedLine.objects.count() == 525_461
    assert ImportedLine.objects.values("invoice").distinct().count() == 28_816
    assert ImportedLine.objects.aggregate(s=Sum("amount_thousandths"))["s"] == 9_539_484_634
    assert [violation for _invariant, violation in audit() if violation] == []
    assert "imported before" in run(path)
