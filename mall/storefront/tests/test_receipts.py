"""The receipt: rows in lane order, equal rules as one row, sums that always meet the total."""

from hypothesis import given
from hypothesis import strategies as st

from mall.storefront.receipts import LANES, RowKind, slip


def step(lane, label, amount_fen, *, kind="rule", source_id=1):
    return {
        "lane": lane,
        "kind": kind,
        "source_id": source_id,
        "label": label,
        "amount_fen": amount_fen,
    }


def line(list_fen, *steps, sku_id=1, quantity=1, why_not=()):
    payable = list_fen - sum(s["amount_fen"] for s in steps)
    return {
        "sku_id": sku_id,
        "quantity": quantity,
        "list_fen": list_fen,
        "payable_fen": payable,
        "steps": list(steps),
        "why_not": list(why_not),
    }


def quote(*lines, base_fen=0, freight_steps=()):
    freight_fen = base_fen - sum(s["amount_fen"] for s in freight_steps)
    return {
        "lines": list(lines),
        "goods_fen": sum(one["list_fen"] for one in lines),
        "freight_fen": freight_fen,
        "freight": {
            "base_fen": base_fen,
            "template": "",
            "reason": "",
            "steps": list(freight_steps),
        },
        "payable_fen": sum(one["payable_fen"] for one in lines) + freight_fen,
        "points": {"max": 0, "used": 0, "amount_fen": 0, "earned": 0},
    }


def test_prices_of_one_name_are_one_row_coupons_of_one_name_are_not():
    priced = quote(
        line(26800, step("unit_price", "限时折扣", 1000, source_id=3), sku_id=1),
        line(19800, step("unit_price", "限时折扣", 2100, source_id=4), sku_id=2),
        line(9900, step("coupon", "券", 100, source_id=1), step("coupon", "券", 50, source_id=2)),
    )

    rows = [(row.label, row.amount_fen, row.lines) for row in slip(priced).rows[:3]]

    assert rows == [("限时折扣", -3100, 2), ("券", -100, 1), ("券", -50, 1)]


def test_steps_of_one_rule_are_one_row_and_rows_stand_in_lane_order():
    priced = quote(
        line(26800, step("coupon", "券", 875), step("order_offer", "满减", 2225), sku_id=1),
        line(19800, step("order_offer", "满减", 1924), sku_id=2),
    )

    rows = slip(priced).rows

    assert [(row.label, row.amount_fen, row.lines) for row in rows[:2]] == [
        ("满减", -4149, 2),
        ("券", -875, 1),
    ]


def test_two_rules_with_one_name_stay_two_rows():
    priced = quote(
        line(1000, step("coupon", "券", 100, source_id=1), step("coupon", "券", 50, source_id=2))
    )

    assert [row.amount_fen for row in slip(priced).rows if row.kind is RowKind.OFF] == [-100, -50]


def test_freight_that_was_waived_is_free_and_says_why():
    priced = quote(line(9900), base_fen=600, freight_steps=[step("freight", "会员满 99", 600)])

    assert [(row.kind, row.label, row.amount_fen) for row in slip(priced).rows] == [
        (RowKind.FREE, "会员满 99", 0)
    ]


def test_freight_in_part_taken_off_shows_both_steps():
    priced = quote(line(9900), base_fen=1200, freight_steps=[step("freight", "运费券", 400)])

    assert [(row.kind, row.amount_fen) for row in slip(priced).rows] == [
        (RowKind.FREIGHT, 1200),
        (RowKind.OFF, -400),
    ]
    assert slip(priced).saved_fen == 0


def test_without_an_address_the_freight_is_still_to_come():
    priced = quote(line(9900))
    priced["freight"]["reason_code"] = "region_needed"

    assert [row.kind for row in slip(priced).rows] == [RowKind.LATER]


def test_an_order_has_its_freight_without_the_template():
    order = quote(line(9900), base_fen=800)
    del order["freight"], order["points"]
    order["points_used"] = 500

    made = slip(order)

    assert [(row.kind, row.amount_fen) for row in made.rows] == [(RowKind.FREIGHT, 800)]
    assert made.points_used == 500


def test_each_reason_is_told_once():
    why = {"kind": "coupon", "source_id": 9, "label": "满 200 减 20", "reason": "还差 ¥12.00"}
    priced = quote(line(1000, why_not=[why]), line(2000, sku_id=2, why_not=[why]))

    assert [(one.label, one.reason) for one in slip(priced).reasons] == [
        ("满 200 减 20", "还差 ¥12.00")
    ]


steps = st.lists(
    st.tuples(st.sampled_from(LANES), st.integers(1, 4), st.integers(1, 500)), max_size=6
)


@given(st.lists(steps, min_size=1, max_size=6), st.integers(0, 2000), st.integers(0, 100))
def test_the_rows_always_meet_the_total(lines, base_fen, percent):
    off_fen = base_fen * percent // 100
    priced = quote(
        *[
            line(
                5000, *[step(lane, lane, fen, source_id=rule) for lane, rule, fen in made], sku_id=i
            )
            for i, made in enumerate(lines)
        ],
        base_fen=base_fen,
        freight_steps=[step("freight", "x", off_fen)] if off_fen else [],
    )

    made = slip(priced)

    assert made.goods_fen + sum(row.amount_fen for row in made.rows) == made.total_fen
    assert [row.lane for row in made.rows if row.lane in LANES] == sorted(
        (row.lane for row in made.rows if row.lane in LANES), key=LANES.index
    )
