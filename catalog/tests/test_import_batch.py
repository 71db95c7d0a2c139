"""A batch brings in just what its goods would bring in one by one. Source: requirement C-50.

The fast way through memory and the slow one through the verbs are held against each other: the
same file, once each, must leave the same rows.
"""

import csv
import dataclasses
import io
from collections import Counter

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.importing import read_shipload
from catalog.models import (
    OptionValue,
    PriceHistory,
    Product,
    ProductApproval,
    ProductAttribute,
    PublishingPolicy,
    ShelfMark,
    Sku,
)
from catalog.services import (
    Refusal,
    import_batch,
    import_goods,
    publish_product,
    take_off_sale,
)
from catalog.testing import AT, make_product
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import ShopError
from mall.kernel.outbox.models import OutboxEvent

pytestmark = pytest.mark.django_db

COLUMNS = (
    "product_code",
    "title_zh",
    "title_en",
    "category",
    "brand",
    "status",
    "sku_code",
    "price_yuan",
    "cost_yuan",
    "option:颜色",
    "attr:材质",
    "stock",
)


def shipload(tmp_path, rows, columns=COLUMNS):
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(columns)
    table.writerows(rows)
    path = tmp_path / "goods.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return read_shipload(path).goods


def goods(number, *, colours=("红", "蓝"), price="99.00", **values):
    """The rows of one product."""
    code = f"F{number}"
    words = {
        "title": f"纯棉短袖{number}",
        "title_en": f"Tee {number}",
        "category": "服装 > 上装",
        "brand": "素布",
        "status": "on_sale",
        "cost": "30.00",
        "material": "纯棉",
        **values,
    }
    return [
        (
            code,
            words["title"],
            words["title_en"],
            words["category"],
            words["brand"],
            words["status"],
            f"{code}-{place}",
            price,
            words["cost"],
            colour,
            words["material"],
            place + 1,
        )
        for place, colour in enumerate(colours)
    ]


def left_behind():
    """All that an import writes, without what differs by nature: ids and times of rows."""
    last = {row.sku.code: row for row in PriceHistory.objects.select_related("sku").order_by("pk")}
    words = [field.attname for field in Product._meta.concrete_fields if field.attname != "id"]
    hidden = {"created_at", "search"}
    return {
        "products": [
            {name: getattr(row, name) for name in words if name not in hidden}
            | {"search": str(row.search)}
            for row in Product.objects.order_by("code")
        ],
        "values": sorted(
            ProductAttribute.objects.values_list(
                "product__code", "definition__code", "value_zh", "value_en"
            )
        ),
        "options": sorted(
            OptionValue.objects.values_list(
                "option__product__code",
                "option__code",
                "option__title_zh",
                "option__title_en",
                "option__sort",
                "code",
                "title_zh",
                "title_en",
                "sort",
            )
        ),
        "skus": [
            {
                name: value
                for name, value in row.items()
                if name not in ("id", "product_id", "media_id")
            }
            for row in Sku.objects.order_by("code").values()
        ],
        "prices": {
            code: (row.price_fen, row.list_price_fen, row.is_offered) for code, row in last.items()
        },
        "trail": Counter(
            (row.verb, str(row.before), str(row.after)) for row in AuditEntry.objects.all()
        ),
        "events": Counter(OutboxEvent.objects.values_list("name", flat=True)),
        "approvals": sorted(
            ProductApproval.objects.values_list("product__code", "status", "digest", "checker")
        ),
        "marked": set(ShelfMark.objects.values_list("product__code", flat=True)),
    }


def one_by_one(records):
    outcomes = []
    for record in records:
        try:
            outcomes.append(import_goods(record, at=AT).outcome)
        except ShopError as refusal:
            outcomes.append((refusal.code, str(refusal)))
    return outcomes


def at_once(records):
    return [
        (one.code, one.reason) if isinstance(one, Refusal) else one.outcome
        for one in import_batch(records, at=AT)
    ]


def both_ways(records):
    """What each way answers and leaves behind; nothing of either stays."""
    found = []
    for way in (one_by_one, at_once):
        with transaction.atomic():
            found.append((way(records), left_behind()))
            transaction.set_rollback(True)
    return found


def same_places(state):
    """Category ids come from a sequence that no undoing turns back."""
    for row in state["products"]:
        row["category_id"] = row["brand_id"] = row["freight_template_id"] = None
    return state


def assert_alike(records):
    (slow, slow_state), (fast, fast_state) = both_ways(records)
    assert fast == slow
    assert same_places(fast_state) == same_places(slow_state)
    return fast


def test_C_50_new_goods_are_the_same_at_once_as_one_by_one(tmp_path):
    rows = [row for number in range(6) for row in goods(number)]

    outcomes = assert_alike(shipload(tmp_path, rows))

    assert outcomes == ["created"] * 6


@pytest.mark.parametrize(
    "odd",
    [
        {"title": "国家级最好的短袖"},
        {"category": "服装"},
        {"price": "0.00", "cost": "0.00"},
        {"status": "draft"},
        {"title_en": ""},
        {"material": ""},
        {"colours": ("",)},
        {"category": "nowhere-at-all"},
    ],
    ids=lambda odd: "-".join(odd),
)
def test_C_50_odd_goods_are_the_same_at_once_as_one_by_one(tmp_path, odd):
    rows = [*goods(1), *goods(2, **odd), *goods(3)]

    outcomes = assert_alike(shipload(tmp_path, rows))

    assert (outcomes[0], outcomes[2]) == ("created", "created")


def test_C_38_where_the_shop_always_asks_who_imports_has_approved_either_way(tmp_path):
    PublishingPolicy.objects.update(approval="always")
    plain = [row for number in range(4) for row in goods(number)]

    outcomes = assert_alike(shipload(tmp_path, [*plain, *goods(9, title="极致短袖")]))

    assert outcomes == ["created"] * 5
    (record,) = shipload(tmp_path, goods(1))
    import_batch([record], at=AT)
    product = Product.objects.get(code="F1")
    assert product.status == "on_sale"
    take_off_sale(product=product, at=AT)
    back = publish_product(product=product, at=AT, needs_picture=False)
    assert back.status == "on_sale"


def test_what_needs_a_second_person_waits_for_one_either_way(tmp_path):
    PublishingPolicy.objects.update_or_create(
        pk=1, defaults={"approval": "always", "needs_second_person": True}
    )

    outcomes = assert_alike(shipload(tmp_path, [*goods(1), *goods(2)]))

    assert outcomes == ["created", "created"]


def test_a_code_that_another_product_has_is_refused_and_the_others_stay(tmp_path):
    other = make_product()
    Sku.objects.filter(product=other).update(code="F2-0")

    outcomes = assert_alike(shipload(tmp_path, [*goods(1), *goods(2), *goods(3)]))

    assert outcomes[0] == outcomes[2] == "created"
    assert outcomes[1][0] == "catalog.options_not_valid"


def test_two_goods_of_one_code_in_a_batch_are_one_product(tmp_path):
    first, second = shipload(tmp_path, goods(1)), shipload(tmp_path, goods(1, price="88.00"))

    outcomes = assert_alike([*first, *second])

    assert outcomes == ["created", "updated"]


def test_C_50_the_same_file_again_changes_nothing_in_few_statements(tmp_path):
    records = shipload(tmp_path, [row for number in range(20) for row in goods(number)])
    import_batch(records, at=AT)
    before = left_behind()

    with CaptureQueriesContext(connection) as seen:
        again = import_batch(records, at=AT)

    assert {one.outcome for one in again} == {"unchanged"}
    assert left_behind() == before
    assert len(seen) == 22


def test_C_50_changed_goods_are_changed_and_the_others_left_alone(tmp_path):
    import_batch(shipload(tmp_path, [*goods(1), *goods(2)]), at=AT)

    again = import_batch(shipload(tmp_path, [*goods(1), *goods(2, price="88.00")]), at=AT)

    assert [one.outcome for one in again] == ["unchanged", "updated"]
    assert set(Sku.objects.filter(product__code="F2").values_list("price_fen", flat=True)) == {
        8_800
    }


@pytest.mark.parametrize("number", [3, 51])
def test_a_batch_of_new_goods_costs_as_many_statements_as_two(tmp_path, number):
    records = shipload(tmp_path, [row for one in range(number) for row in goods(one)])
    import_batch(records[:1], at=AT)

    with CaptureQueriesContext(connection) as seen:
        import_batch(records[1:], at=AT)

    plain = [row["sql"] for row in seen if not row["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(plain) == 38


@settings(max_examples=12, deadline=None)
@given(
    prices=st.lists(st.sampled_from(["0", "9.90", "99", "1"]), min_size=1, max_size=4),
    colours=st.lists(st.sampled_from(["红", "蓝", "Red", "red", "绿色"]), max_size=4, unique=True),
    material=st.sampled_from(["", "棉", "最好的棉", "  麻 "]),
)
def test_LAW_whatever_the_goods_both_ways_leave_the_same(
    tmp_path_factory, prices, colours, material
):
    rows = [
        row
        for number, price in enumerate(prices)
        for row in goods(number, price=price, cost="0", colours=colours or ("",), material=material)
    ]

    assert_alike(shipload(tmp_path_factory.mktemp("law"), rows))


def test_arrivals_name_their_skus_and_pieces(tmp_path):
    (arrival,) = import_batch(shipload(tmp_path, goods(1)), at=AT)

    codes = dict(Sku.objects.values_list("pk", "code"))
    told = {codes[pk]: pieces for pk, pieces in arrival.stock.items()}
    assert told == {"F1-0": 1, "F1-1": 2}
    assert dataclasses.astuple(arrival)[1:5] == ("created", 2, 0, 1)
