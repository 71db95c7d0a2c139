"""Goods of files, from the first cell to the last SKU.

All tables here are written for these tests.
"""

import gzip
import io
import json
import zipfile
from collections import Counter

import openpyxl
import pytest

from catalog.errors import ImportRefused, OptionsNotValid
from catalog.importing import CategoryStep, UnreadableFile, read_shipload
from catalog.models import AttributeDefinition, Brand, Category, PriceHistory, Product, Sku
from catalog.services import import_category, import_goods, take_off_sale
from catalog.testing import AT, make_attribute, make_category, make_freight_template, make_product
from mall.kernel.testing.race import all_read_before_any_writes, stampede

HEADER = (
    "product_code,title_zh,category,brand,status,sku_code,"
    "price_yuan,list_price_yuan,option:颜色,attr:材质,stock"
)
ROWS = [
    "TEE,纯棉短袖T恤,服装 > 上装,素布,on_sale,TEE-R,99,129.90,红,纯棉,12",
    "TEE,,,,,TEE-B,89.5,,蓝,,0",
    "CUP,搪瓷杯,餐厨 > 杯壶,,,,19.90,,,,",
]


def write_csv(folder, rows=ROWS, header=HEADER, encoding="utf-8-sig"):
    path = folder / "goods.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding=encoding)
    return path


def bring(load):
    return [import_goods(record, at=AT) for record in load.goods]


# ---------- our own table ----------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_rows_of_one_product_code_are_one_product(tmp_path, encoding):
    load = read_shipload(write_csv(tmp_path, encoding=encoding))

    assert not load.problems
    tee, cup = load.goods
    assert (tee.code, tee.title_zh, tee.is_on_sale) == ("TEE", "纯棉短袖T恤", True)
    assert [step.title_zh for step in tee.category] == ["服装", "上装"]
    assert [(sku.code, sku.price_fen, sku.list_price_fen, sku.stock) for sku in tee.skus] == [
        ("TEE-R", 9_900, 12_990, 12),
        ("TEE-B", 8_950, 8_950, 0),
    ]
    assert tee.skus[0].options == (("颜色", "红"),)
    assert (cup.skus[0].code, cup.skus[0].options, cup.skus[0].stock) == ("CUP", (), None)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("TEE,标题,服装 > 上装,,,A,1.999,,,,", "price_yuan"),
        ("TEE,标题,服装 > 上装,,,A,-1,,,,", "price_yuan"),
        ("TEE,标题,服装 > 上装,,,A,１２,,,,", "price_yuan"),
        ("TEE,标题,服装 > 上装,,,A,1e3,,,,", "price_yuan"),
        ("TEE,标题,服装 > 上装,,,A,,,,,", "price_yuan"),
        ("TEE,标题,服装 > 上装,,,A,9,8,,,", "list_price_yuan"),
        ("TEE,标题,服装 > 上装,,maybe,A,9,,,,", "status"),
        ("TEE,标题,服装 > 上装,,,A,9,,,,-3", "stock"),
        ("TEE,,服装 > 上装,,,A,9,,,,", "title_zh"),
        ("TEE,标题,,,,A,9,,,,", "category"),
        ("TEE,标题,a > b > c > d,,,A,9,,,,", "category"),
        (",标题,服装 > 上装,,,A,9,,,,", "product_code"),
        (f"TEE,{'长' * 81},服装 > 上装,,,A,9,,,,", "title_zh"),
        ("TEE,坏\x00字,服装 > 上装,,,A,9,,,,", "title_zh"),
        ("TEE,标题,服装 > 上装,,,CUP,9,,,,", "sku_code"),
    ],
)
def test_a_bad_cell_is_named_with_its_line_and_the_other_rows_stay(tmp_path, row, field):
    load = read_shipload(write_csv(tmp_path, [ROWS[2], row]))

    assert [(problem.place, problem.field) for problem in load.problems] == [("goods.csv:3", field)]
    assert all(problem.reason for problem in load.problems)
    assert [record.code for record in load.goods] == ["CUP"]


def test_a_further_row_may_not_say_something_else(tmp_path):
    rows = [
        ROWS[0],
        "TEE,别的标题,,,,TEE-B,9,,蓝,,",
        "TEE,,,,,TEE-C,9,,红,,",
        "TEE,,,,,TEE-D,9,,绿,羊毛,",
    ]

    load = read_shipload(write_csv(tmp_path, rows))

    assert [problem.field for problem in load.problems] == ["title_zh", "option", "attr:材质"]
    assert [sku.code for sku in load.goods[0].skus] == ["TEE-R"]


def test_an_unknown_column_is_told_once_and_left_out(tmp_path):
    load = read_shipload(write_csv(tmp_path, [row + ",x" for row in ROWS], HEADER + ",colour"))

    assert [(problem.place, problem.field) for problem in load.problems] == [
        ("goods.csv:2", "colour")
    ]
    assert len(load.goods) == 2


def test_json_lines_may_nest_options_and_attributes(tmp_path):
    path = tmp_path / "goods.jsonl"
    row = {
        "product_code": 1006,
        "title_zh": "杯",
        "category": "cups",
        "price_yuan": 19.9,
        "options": {"颜色": "白"},
        "attributes": {"材质": "搪瓷"},
    }
    path.write_text(json.dumps(row, ensure_ascii=False))

    record = read_shipload(path).goods[0]

    assert (record.code, record.category[0].slug) == ("1006", "cups")
    assert (record.skus[0].price_fen, record.skus[0].options) == (1_990, (("颜色", "白"),))
    assert record.attributes[0].value_zh == "搪瓷"


def write_xlsx(folder, *rows):
    book = openpyxl.Workbook()
    for row in [HEADER.split(","), *rows]:
        book.active.append(row)
    path = folder / "goods.xlsx"
    book.save(path)
    return path


def test_a_spreadsheet_is_read_and_its_formulas_are_refused_not_worked_out(tmp_path):
    good = ["CUP", "搪瓷杯", "餐厨 > 杯壶", None, None, None, 19.9, None, None, None, 7]
    price = ["TEE", "T恤", "服装 > 上装", None, None, "T", "=9*11", None, None, None, None]
    title = ["HAT", '=HYPERLINK("http://x","y")', "服装 > 帽", None, None, "H", 9, *[None] * 4]

    load = read_shipload(write_xlsx(tmp_path, good, price, title))

    assert [(record.code, record.skus[0].price_fen) for record in load.goods] == [("CUP", 1_990)]
    assert [(problem.place, problem.field) for problem in load.problems] == [
        ("goods.xlsx:3", "price_yuan"),
        ("goods.xlsx:4", "title_zh"),
    ]


def test_a_formula_in_csv_is_text_like_any_other(tmp_path):
    load = read_shipload(write_csv(tmp_path, ["HAT,=1+1,服装 > 帽,,,H,9,,,,"]))

    assert load.goods[0].title_zh == "=1+1"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("goods.pdf", b"%PDF"),
        ("goods.csv", b"\xff\xfe\x00\xd8"),
        ("goods.csv", b"product_code\nTEE\n"),
        ("goods.jsonl", b"[1]\n"),
        ("goods.jsonl", b"{" * 100),
        ("goods.jsonl", b'{"a":' * 100_000),
        ("goods.jsonl.gz", b"not packed"),
        ("goods.xlsx", b"PK not a zip"),
    ],
)
def test_what_cannot_be_read_at_all_is_refused_in_words(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(UnreadableFile):
        read_shipload(path)


def test_a_spreadsheet_that_unpacks_without_end_is_refused(tmp_path):
    path = tmp_path / "goods.xlsx"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(6):
            archive.writestr(f"{number}.xml", b"\0" * (100 * 1024 * 1024))
    path.write_bytes(buffer.getvalue())

    with pytest.raises(UnreadableFile):
        read_shipload(path)


# ---------- into the shop ----------


@pytest.mark.django_db
def test_goods_come_with_tree_brand_attributes_options_and_prices(tmp_path):
    arrivals = bring(read_shipload(write_csv(tmp_path)))

    assert [arrival.outcome for arrival in arrivals] == ["created", "created"]
    tee = Product.objects.get(code="TEE")
    assert (tee.status, tee.category.title_zh, tee.category.parent.title_zh) == (
        "on_sale",
        "上装",
        "服装",
    )
    assert tee.brand.title_zh == "素布"
    assert (tee.category.slug, tee.brand.slug) == ("fu-zhuang-shang-zhuang", "su-bu")
    value = tee.attribute_values.select_related("definition").get()
    assert (value.definition.code, value.value_zh) == ("cai-zhi", "纯棉")
    skus = {sku.code: sku for sku in tee.skus.all()}
    assert skus["TEE-R"].options == {"yan-se": "hong"}
    assert (skus["TEE-R"].price_fen, skus["TEE-R"].list_price_fen) == (9_900, 12_990)
    assert arrivals[0].stock == {skus["TEE-R"].pk: 12, skus["TEE-B"].pk: 0}
    assert Product.objects.get(code="CUP").status == "draft"


@pytest.mark.django_db
def test_a_rerun_adds_nothing_and_changes_nothing(tmp_path):
    load = read_shipload(write_csv(tmp_path))
    bring(load)
    tables = (Product, Sku, Category, Brand, AttributeDefinition, PriceHistory)
    before = [list(table.objects.order_by("pk").values()) for table in tables]

    arrivals = bring(load)

    assert {arrival.outcome for arrival in arrivals} == {"unchanged"}
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


@pytest.mark.django_db
def test_a_changed_price_and_a_new_colour_update_what_is_there(tmp_path):
    bring(read_shipload(write_csv(tmp_path)))
    red = Sku.objects.get(code="TEE-R")
    rows = [ROWS[0].replace(",99,", ",95,"), ROWS[1], "TEE,,,,,TEE-G,99,,绿,,"]

    arrivals = bring(read_shipload(write_csv(tmp_path, rows)))

    assert (arrivals[0].outcome, arrivals[0].skus_made, arrivals[0].skus_changed) == (
        "updated",
        1,
        1,
    )
    red.refresh_from_db()
    assert red.price_fen == 9_500
    offered = red.price_history.filter(is_offered=True).order_by("pk")
    assert list(offered.values_list("price_fen", flat=True)) == [9_900, 9_500]


@pytest.mark.django_db
def test_an_import_takes_nothing_off_and_puts_nothing_back(tmp_path):
    load = read_shipload(write_csv(tmp_path))
    bring(load)
    product = take_off_sale(product=Product.objects.get(code="TEE"), at=AT)

    bring(load)

    product.refresh_from_db()
    assert product.status == "off_sale"


@pytest.mark.django_db
def test_goods_that_lack_something_stay_a_draft_and_say_what(tmp_path):
    category = make_category(slug="tops")
    make_attribute(category, code="size", title_zh="版型", is_required=True)
    load = read_shipload(write_csv(tmp_path, [ROWS[0].replace("服装 > 上装", "tops")]))

    arrival = bring(load)[0]

    assert Product.objects.get(code="TEE").status == "draft"
    assert "版型" in arrival.problems[0].reason


@pytest.mark.django_db
def test_an_attribute_is_matched_by_code_or_title_and_a_choice_by_any_word(tmp_path):
    category = make_category(slug="tops")
    choices = [{"code": "cotton", "zh": "纯棉", "en": "Cotton"}]
    make_attribute(category, code="material", title_zh="材质", kind="choice", choices=choices)
    load = read_shipload(
        write_csv(tmp_path, [ROWS[0].replace("服装 > 上装", "tops").replace(",纯棉,", ",cotton,")])
    )

    bring(load)

    value = Product.objects.get(code="TEE").attribute_values.get()
    assert (value.definition.code, value.value_zh, value.value_en) == ("material", "纯棉", "Cotton")
    assert bring(load)[0].outcome == "unchanged"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"category": "nowhere"}, ImportRefused),
        ({"freight_template": "balloon"}, ImportRefused),
        ({"sku_code": "TAKEN"}, OptionsNotValid),
    ],
)
def test_a_record_that_names_what_is_not_there_leaves_nothing(tmp_path, change, error):
    product = make_product(freight_template=make_freight_template(code="standard"))
    Sku.objects.filter(product=product).update(code="TAKEN")
    path = tmp_path / "goods.jsonl"
    row = {"product_code": "NEW", "title_zh": "新", "category": "甲 > 乙", "price_yuan": "1"}
    path.write_text(json.dumps({**row, **change}))

    with pytest.raises(error):
        bring(read_shipload(path))

    assert not Product.objects.filter(code="NEW").exists()


@pytest.mark.django_db
def test_categories_of_the_same_name_below_different_parents_are_different():
    def category(*titles):
        return import_category([CategoryStep("", title) for title in titles])[0]

    men, women = category("男装", "衬衫"), category("女装", "衬衫")

    assert men.pk != women.pk
    assert category("男装", "衬衫").pk == men.pk


@pytest.mark.django_db(transaction=True)
def test_the_same_file_from_two_windows_makes_each_product_once(tmp_path):
    load = read_shipload(write_csv(tmp_path))

    outcomes = stampede(6, lambda _number: [arrival.outcome for arrival in bring(load)])

    assert not outcomes.errors
    told = Counter(outcome for result in outcomes.results for outcome in result)
    assert told == {"created": 2, "unchanged": 10}


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_windows_collide(tmp_path, monkeypatch):
    """The control."""
    load = read_shipload(write_csv(tmp_path))
    for module in ("one", "finding"):
        monkeypatch.setattr(f"catalog.services.importing.{module}.advisory_lock", lambda *_p: None)

    with all_read_before_any_writes("catalog.services.importing.finding._category", 6):
        outcomes = stampede(6, lambda _number: bring(load))

    assert outcomes.errors


# ---------- litemall ----------

LITEMALL = {
    "category": [
        {"id": 1, "name": "居家", "pid": 0, "level": "L1", "sort_order": 2},
        {"id": 11, "name": "床品", "pid": 1, "level": "L2", "sort_order": 1},
        {"id": 12, "name": "孤儿", "pid": 99, "level": "L2", "sort_order": 1},
    ],
    "brand": [{"id": 5, "name": "山棉制造", "desc": "自己写的一句话"}],
    "goods": [
        {"id": 101, "goods_sn": "101", "name": "水洗棉四件套", "category_id": 11, "brand_id": 5},
        {"id": 102, "goods_sn": "102", "name": "双色组合", "category_id": 11, "brand_id": 0},
        {"id": 103, "goods_sn": "103", "name": "没有规格", "category_id": 11, "brand_id": 0},
        {"id": 104, "goods_sn": "104", "name": "没有类目", "category_id": 77, "brand_id": 0},
        {"id": 105, "goods_sn": "105", "name": "删了", "category_id": 11, "deleted": 1},
    ],
    "goods_attribute": [
        {"id": 1, "goods_id": 101, "attribute": "材质", "value": "100%棉"},
        {"id": 2, "goods_id": 101, "attribute": "材质", "value": "100%棉", "deleted": 1},
        {"id": 3, "goods_id": 101, "attribute": "尺寸", "value": "长" * 241},
        {"id": 4, "goods_id": 999, "attribute": "材质", "value": "没有主人"},
    ],
    "goods_product": [
        {"id": 1, "goods_id": 101, "specifications": '["标准"]', "price": 899.1, "number": 100},
        {"id": 2, "goods_id": 102, "specifications": '["1.5m","红"]', "price": 12.34, "number": 2},
        {"id": 3, "goods_id": 102, "specifications": '["1.5m","蓝"]', "price": 56.78, "number": 0},
        {"id": 4, "goods_id": 102, "specifications": '["1.5m","紫"]', "price": 1, "number": 1},
        {"id": 5, "goods_id": 102, "specifications": "红", "price": 1, "number": 1},
        {"id": 6, "goods_id": 102, "specifications": '["红"]', "price": 1, "number": 1},
        {"id": 7, "goods_id": 102, "specifications": '["1.8m","红"]', "price": 1.005, "number": 1},
    ],
    "goods_specification": [
        {"id": 1, "goods_id": 101, "specification": "规格", "value": "标准"},
        {"id": 2, "goods_id": 102, "specification": "规格", "value": "1.5m"},
        {"id": 3, "goods_id": 102, "specification": "规格", "value": "1.8m"},
        {"id": 4, "goods_id": 102, "specification": "颜色", "value": "红"},
        {"id": 5, "goods_id": 102, "specification": "颜色", "value": "蓝"},
    ],
}


@pytest.fixture
def litemall(tmp_path):
    for table, rows in LITEMALL.items():
        with gzip.open(tmp_path / f"{table}.jsonl.gz", "wt") as file:
            for row in rows:
                full = {"counter_price": 20.0, "is_on_sale": 1} if table == "goods" else {}
                file.write(json.dumps({"deleted": 0, **full, **row}, ensure_ascii=False) + "\n")
    return tmp_path


def test_specifications_find_their_axes_and_prices_are_exact(litemall):
    load = read_shipload(litemall)

    single, double = load.goods
    assert (single.brand.title_zh, single.skus[0].options) == ("山棉制造", ())
    assert (single.skus[0].price_fen, single.skus[0].list_price_fen) == (89_910, 89_910)
    assert [(sku.code, sku.price_fen, sku.list_price_fen, sku.options) for sku in double.skus] == [
        ("102-2", 1_234, 2_000, (("规格", "1.5m"), ("颜色", "红"))),
        ("102-3", 5_678, 5_678, (("规格", "1.5m"), ("颜色", "蓝"))),
    ]


def test_every_row_that_is_left_out_is_told(litemall):
    load = read_shipload(litemall)

    assert {(problem.place, problem.field) for problem in load.problems} == {
        ("category.jsonl.gz:3", "pid"),
        ("goods.jsonl.gz:3", "goods_product"),
        ("goods.jsonl.gz:4", "category_id"),
        ("goods_attribute.jsonl.gz:3", "value"),
        ("goods_attribute.jsonl.gz:4", "goods_attribute.goods_id"),
        ("goods_product.jsonl.gz:4", "specifications"),
        ("goods_product.jsonl.gz:5", "specifications"),
        ("goods_product.jsonl.gz:6", "specifications"),
        ("goods_product.jsonl.gz:7", "price"),
    }
    assert load.skipped == {
        "goods: deleted in the source": 1,
        "goods_attribute: deleted in the source": 1,
    }


@pytest.mark.django_db
def test_a_litemall_shop_arrives_on_sale_without_pictures(litemall):
    bring(read_shipload(litemall))

    product = Product.objects.get(code="101")
    assert (product.status, product.gallery.count()) == ("on_sale", 0)
    assert product.category.path_ids == [product.category.parent_id, product.category_id]
    assert product.attribute_values.get().value_zh == "100%棉"


def test_a_folder_without_the_tables_is_refused(tmp_path):
    with pytest.raises(UnreadableFile):
        read_shipload(tmp_path)
