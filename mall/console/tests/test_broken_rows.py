"""What the judge names is said in words, money in yuan, for every law and balance."""

import re

import pytest
from django.utils import translation

from mall.console.broken_rows import NAMES, words_of
from mall.console.testing import client_of
from mall.kernel import clock
from mall.kernel.balances import Unit, balances
from mall.kernel.invariants import invariants
from mall.kernel.invariants.models import AuditFinding, AuditRun
from members.testing import make_operator

LAWS = [*invariants(), *balances()]
LITERAL = re.compile(r"'([^']*)'")
UNIONS = re.compile(r" UNION (?:ALL )?(?=SELECT)")


def first_column(select):
    """The expression of a SELECT that names the row: up to the comma or FROM outside of it."""
    depth, quoted, text = 0, False, select.removeprefix("SELECT ").removeprefix("DISTINCT ")
    for place, letter in enumerate(text):
        quoted ^= letter == "'"
        depth += 0 if quoted else (letter == "(") - (letter == ")")
        if not quoted and depth == 0 and (letter == "," or text.startswith(" FROM ", place)):
            return text[:place]
    return text


def example(column):
    """The name that a column makes when every key is 7."""
    parts = [part.strip() for part in re.split(r"\|\|(?=(?:[^']*'[^']*')*[^']*$)", column)]
    return "".join(part[1:-1] if part.startswith("'") else "7" for part in parts)


def names_in(sql):
    columns = [first_column(select) for select in UNIONS.split(sql)]
    return [example(column) for column in columns if "'" in column]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.code)
def test_every_law_and_balance_names_its_rows_in_words(law):
    names = names_in(law.sql)

    assert names
    for name in names:
        spoken = "a.b 7" if name == "7 7" else name
        with translation.override("en"):
            english = words_of(spoken)
        assert any(named.shape.fullmatch(spoken) for named in NAMES), name
        assert english


@pytest.mark.parametrize(
    ("row", "unit", "words"),
    [
        (
            "stock 7 (sku 3, warehouse 1): 5 <> 4",
            Unit.COUNT,
            "stock row 7 (SKU no. 3, warehouse no. 1): 5 is kept, its entries add up to 4",
        ),
        (
            "order 2026A: 1250 <> None",
            Unit.FEN,
            "order 2026A: ¥12.50 is kept, its entries add up to nothing",
        ),
        (
            "provider:wallet: -5 <> 10000",
            Unit.FEN,
            "money at the provider: Shop balance: ¥−0.05 is kept, its entries add up to ¥100.00",
        ),
        (
            "growth of member 9: 30000 <> 0",
            Unit.HUNDREDTHS,
            "growth of member no. 9: 300.00 is kept, its entries add up to 0.00",
        ),
        ("orders.order_paid 12", Unit.COUNT, "event orders.order_paid, 12"),
        ("something new 5", Unit.COUNT, "something new 5"),
    ],
)
def test_a_difference_says_what_is_kept_and_what_adds_up(row, unit, words):
    with translation.override("en"):
        assert words_of(row, unit=unit) == words


def test_a_balance_that_stores_fen_says_so():
    counted = [
        one.code
        for one in balances()
        if one.unit == Unit.COUNT and re.search(r"^SELECT [^,]*, [a-z]\.\w+_fen", one.sql)
    ]

    assert counted == []
    assert {one.code for one in balances() if one.unit == Unit.HUNDREDTHS} == {"member.growth"}


@pytest.mark.django_db
def test_the_page_tells_money_in_yuan():
    client, at = client_of(make_operator()), clock.now()
    run = AuditRun.objects.create(
        started_at=at, finished_at=at, checked=1, broken=0, compared=1, differing=1
    )
    AuditFinding.objects.create(
        run=run, kind=AuditFinding.Kind.BALANCE, code="order.paid", rows=["order 2026A: 1250 <> 0"]
    )
    client.cookies["django_language"] = "en"

    page = client.get("/admin/invariants/").content.decode()

    assert "order 2026A: ¥12.50 is kept, its entries add up to ¥0.00" in page
    assert "1250" not in page
