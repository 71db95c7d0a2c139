"""A file of 50,000 SKUs through the back office, its worker killed half-way. Source: C-50, Show 4.

Run it alone: `pytest -m long -s mall/console/tests/test_goods_files_long.py`; it prints seconds and
memory. The litemall goods are read from MALL_DATA_DIR.
"""

import io
import os
import resource
import signal
import sys
import time
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse

from catalog.models import ImportJob, Product, ShelfCard, Sku
from inventory.models import StockItem
from inventory.testing import make_warehouse
from mall.console.import_jobs import run_imports
from mall.console.testing import client_of
from mall.kernel import clock
from members.testing import make_operator

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

PRODUCTS, COLOURS = 12_500, ("红色", "白色", "黑色", "蓝色")
EVERY_BAD = 100
MOST_KB = 600 * 1024
HEADER = (
    "product_code,title_zh,title_en,keywords,category,brand,status,sku_code,price_yuan,"
    "list_price_yuan,cost_yuan,weight_grams,stock,option:颜色,attr:材质"
)
NOUNS = ("保温杯", "短袖", "帆布鞋", "双肩包", "台灯", "雨伞", "毛巾", "抱枕", "水壶", "笔记本")


def fifty_thousand():
    """The file; one row in a hundred has no price."""
    rows = [HEADER]
    for number in range(PRODUCTS):
        noun, price = NOUNS[number % len(NOUNS)], 10 + number % 900
        for place, colour in enumerate(COLOURS):
            is_bad = (number * len(COLOURS) + place) % EVERY_BAD == 0
            rows.append(
                f"GEN{number:05d},轻巧{noun}{number},Thing {number},{noun},百货 > {noun}类,"
                f"好物{number % 30},on_sale,GEN{number:05d}-{place},{'abc' if is_bad else price},"
                f"{price + 20},{price // 2},300,{1 + number % 9},{colour},棉"
            )
    return "\n".join(rows).encode()


def upload(content, name):
    desk = client_of(make_operator())
    warehouse = make_warehouse(code="W9")
    desk.post(
        reverse("admin:goods_files"),
        {"file": SimpleUploadedFile(name, content), "warehouse": warehouse.code},
    )
    return ImportJob.objects.get()


def worker():
    """A process of its own that brings in what is open."""
    connections.close_all()
    child = os.fork()
    if not child:
        run_imports(seconds=3_600)
        os._exit(0)
    return child


def test_C_50_fifty_thousand_skus_cut_half_way_arrive_whole(capsys):
    job = upload(fifty_thousand(), "goods.csv")
    begun = time.monotonic()

    first = worker()
    while ImportJob.objects.values_list("cursor", flat=True).get() < PRODUCTS // 2:
        time.sleep(0.2)
    os.kill(first, signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(first, 0)[1]) == signal.SIGKILL
    half = ImportJob.objects.get()
    assert half.status == "running"
    assert PRODUCTS // 2 <= half.cursor < PRODUCTS
    second = worker()
    _pid, status, used = os.wait4(second, 0)

    assert status == 0
    seconds = time.monotonic() - begun
    job.refresh_from_db()
    bad = PRODUCTS * len(COLOURS) // EVERY_BAD
    skus = PRODUCTS * len(COLOURS) - bad
    assert (job.status, job.cursor, job.problems) == ("done", PRODUCTS, bad)
    assert job.counts["products created"] == Product.objects.on_sale().count() == PRODUCTS
    assert job.counts["SKUs made"] == Sku.objects.count() == skus
    assert ShelfCard.objects.at(clock.now()).filter(in_stock=True).count() == PRODUCTS
    assert sum(StockItem.objects.values_list("on_hand", flat=True)) == sum(
        (1 + number % 9)
        for number in range(PRODUCTS)
        for place in range(len(COLOURS))
        if (number * len(COLOURS) + place) % EVERY_BAD
    )
    most_kb = max(used.ru_maxrss, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    with capsys.disabled():
        sys.stdout.write(f"\n50,000 SKUs, cut once: {seconds:.0f} s, {most_kb // 1024} MB\n")
    assert most_kb <= MOST_KB


def test_C_50_the_litemall_goods_arrive_through_the_back_office():
    folder = os.environ.get("MALL_DATA_DIR")
    assert folder, "set MALL_DATA_DIR to the folder that holds litemall_catalog/"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted((Path(folder) / "litemall_catalog").glob("*.jsonl.gz")):
            archive.write(path, path.name)

    job = upload(packed.getvalue(), "litemall.zip")
    run_imports(seconds=600)

    job.refresh_from_db()
    assert (job.status, job.counts["products created"]) == ("done", 189)
    assert (Product.objects.count(), Sku.objects.count()) == (189, 194)
    assert sum(StockItem.objects.values_list("on_hand", flat=True)) == 19_762
