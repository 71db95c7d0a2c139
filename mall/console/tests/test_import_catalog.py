"""``manage.py import_catalog``: the command, its report, opening stock, and the real folder."""

import csv
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Category, Product, ShelfCard, Sku
from catalog.testing import make_bundle
from inventory.errors import BundleHasNoStock
from inventory.models import StockItem, StockMovement
from inventory.testing import make_warehouse

HEADER = "product_code,title_zh,category,status,price_yuan,stock\n"
GOODS = (
    "TEE,纯棉短袖T恤,服装 > 上装,on_sale,99,12\n"
    "BAD,标题,服装 > 上装,on_sale,=9+9,1\n"
    "ROOT,标题,服装,on_sale,9,1\n"
)


@pytest.fixture
def goods(tmp_path):
    path = tmp_path / "goods.csv"
    path.write_text(HEADER + GOODS, encoding="utf-8")
    return path


def run(*args):
    out = StringIO()
    call_command("import_catalog", *args, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.django_db
def test_good_rows_stay_and_bad_ones_are_told(goods):
    make_warehouse()

    told = run(str(goods))

    assert list(Product.objects.values_list("code", flat=True)) == ["TEE"]
    assert StockItem.objects.get(sku__code="TEE").on_hand == 12
    assert ShelfCard.objects.filter(product__code="TEE", in_stock=True).exists()
    assert "goods.csv:3: price_yuan" in told
    assert "goods.csv:4: catalog.category_not_leaf" in told


@pytest.mark.django_db
def test_a_rerun_takes_no_stock_in_again(goods):
    make_warehouse()
    run(str(goods))

    told = run(str(goods))

    assert "products unchanged            1" in told
    assert StockMovement.objects.count() == 1


@pytest.mark.django_db
def test_a_dry_run_tells_the_same_and_keeps_nothing(goods):
    make_warehouse()

    told = run(str(goods), "--dry-run")

    assert "products created              1" in told
    assert not Product.objects.exists()
    assert not Category.objects.exists()
    assert not StockMovement.objects.exists()


@pytest.mark.django_db
def test_the_report_names_every_row_and_holds_no_formula(goods, tmp_path):
    goods.write_text(HEADER + GOODS + "=CMD,标题,服装 > 上装,,9,\n", encoding="utf-8")
    report = tmp_path / "report.csv"

    run(str(goods), "--report", str(report))

    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["place", "result", "field", "text"]
    assert ["goods.csv:2", "created", "product_code", "TEE"] in rows
    assert ["goods.csv:5", "created", "product_code", "'=CMD"] in rows
    assert [row[:3] for row in rows if row[1] == "problem"] == [
        ["goods.csv:3", "problem", "price_yuan"],
        ["goods.csv:4", "problem", "catalog.category_not_leaf"],
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [["nowhere.csv"], [".", "--format", "litemall"]])
def test_what_is_not_there_is_refused(arguments):
    with pytest.raises(CommandError):
        run(*arguments)


@pytest.mark.django_db
def test_an_unknown_warehouse_is_refused_before_anything_is_read(goods):
    with pytest.raises(CommandError):
        run(str(goods), "--warehouse", "MOON")

    assert not Product.objects.exists()


@pytest.mark.long
@pytest.mark.django_db
def test_the_real_litemall_folder_arrives_whole_and_once():
    folder = os.environ.get("MALL_DATA_DIR")
    assert folder, "set MALL_DATA_DIR to the folder that holds litemall_catalog/"
    path = str(Path(folder) / "litemall_catalog")
    make_warehouse()

    first, second = run(path), run(path)

    assert "products created            189" in first
    assert "products unchanged          189" in second
    assert (Product.objects.count(), Sku.objects.count()) == (189, 194)
    assert sum(Sku.objects.values_list("price_fen", flat=True)) == 8_278_830
    assert sum(StockItem.objects.values_list("on_hand", flat=True)) == 19_762


@pytest.mark.django_db
def test_stock_of_a_bundle_is_refused_in_words_and_the_rest_of_the_file_taken(goods):
    make_warehouse()
    run(str(goods))
    tee = Sku.objects.get(code="TEE")
    bundle = make_bundle({tee: 2})
    product = bundle.product
    head = HEADER.replace("title_zh", "sku_code,title_zh", 1)
    row = f"{product.code},{bundle.code},{product.title_zh},服装 > 上装,on_sale,180,7\n"
    goods.write_text(head + row, encoding="utf-8")

    told = run(str(goods))

    assert f"goods.csv:2: stock: {BundleHasNoStock()}" in told
    assert "pieces taken in               0" in told
    assert not StockItem.objects.exclude(sku=tee).exists()
