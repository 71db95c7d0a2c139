"""Goods by file in the back office: tried, brought, cut, gone on with, given out again. C-50."""

import gzip
import io
import json
import os
import signal
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse
from django.utils import translation

from catalog.models import ImportJob, ImportRow, Product, Sku
from catalog.services import open_import
from catalog.testing import AT
from inventory.models import StockItem
from inventory.testing import make_warehouse
from mall.console import import_jobs
from mall.console.import_jobs import run_imports
from mall.console.testing import client_of, make_clerk
from mall.kernel.audit.models import AuditEntry
from mall.kernel.testing.queries import count_queries
from members.testing import make_operator

pytestmark = pytest.mark.django_db

HEADER = "product_code,title_zh,category,status,sku_code,price_yuan,cost_yuan,stock,option:颜色"


def table(products, *, bad=()):
    """A CSV of ``products`` with two SKUs each; the rows of ``bad`` numbers have no price."""

    def price(n):
        return "abc" if n in bad else "99"

    rows = [
        f"T{n},纯棉短袖{n},服装 > 上装,on_sale,T{n}-{colour},{price(n)},30,2,{colour}"
        for n in range(products)
        for colour in ("红", "蓝")
    ]
    return "\n".join([HEADER, *rows]).encode()


def job_of(content, **values):
    return open_import(name="goods.csv", content=content, at=AT, language="en", **values)


@pytest.fixture
def desk():
    return client_of(make_operator())


def upload(desk, content, name="goods.csv", **fields):
    file = SimpleUploadedFile(name, content)
    return desk.post(reverse("admin:goods_files"), {"file": file, **fields}, follow=True)


def test_C_50_ten_rows_with_one_bad_price_are_nine_products_and_one_problem(desk):
    make_warehouse(code="W9")
    rows = (
        table(0).decode()
        + "\n"
        + "\n".join(
            f"T{n},纯棉短袖{n},服装 > 上装,on_sale,,{'abc' if n == 4 else 99},,2,"
            for n in range(10)
        )
    )

    page = upload(desk, rows.encode(), warehouse="W9").content.decode()
    job = ImportJob.objects.get()
    assert "waiting" in page

    assert run_imports(seconds=60)

    job.refresh_from_db()
    assert (job.status, job.cursor, job.total, job.problems) == ("done", 9, 9, 1)
    assert Product.objects.on_sale().count() == 9
    assert sum(StockItem.objects.values_list("on_hand", flat=True)) == 18
    page = desk.get(reverse("admin:goods_file", args=[job.pk])).content.decode()
    assert "goods.csv:6" in page
    assert "price_yuan" in page
    assert "abc is no amount in yuan" in page


def test_a_trial_keeps_nothing_and_is_brought_in_by_one_click(desk):
    upload(desk, table(3, bad=(1,)), is_trial="on")
    run_imports(seconds=60)
    trial = ImportJob.objects.get()
    assert (trial.status, trial.counts["products created"], trial.problems) == ("done", 2, 2)
    assert not Product.objects.exists()

    page = desk.get(reverse("admin:goods_file", args=[trial.pk])).content.decode()
    assert "only tried, nothing was kept" in page
    assert "Bring these goods in" in page
    desk.post(reverse("admin:goods_file_bring", args=[trial.pk]))
    run_imports(seconds=60)

    assert set(Product.objects.values_list("code", flat=True)) == {"T0", "T2"}
    assert ImportJob.objects.get(is_trial=False).status == "done"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("goods.exe", b"x", "It is neither CSV"),
        ("goods.csv", b"", "empty"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words_and_no_job_is_made(desk, name, content, words):
    page = upload(desk, content, name=name).content.decode()

    assert words in page
    assert not ImportJob.objects.exists()


def test_the_same_file_twice_at_once_is_one_job(desk):
    upload(desk, table(1))
    page = upload(desk, table(1)).content.decode()

    assert "It is being brought in already." in page
    assert ImportJob.objects.count() == 1


def test_a_file_that_cannot_be_read_says_why(desk):
    upload(desk, b"title_zh,category\nA,B\n")
    run_imports(seconds=60)

    job = ImportJob.objects.get()
    assert (job.status, job.total) == ("failed", 0)
    page = desk.get(reverse("admin:goods_file", args=[job.pk])).content.decode()
    assert "These columns are missing: product_code, price_yuan." in page


def book(sheet=None):
    """A workbook whose one sheet is ``sheet``, or is gone."""
    made, torn = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(made)
    with zipfile.ZipFile(made) as whole, zipfile.ZipFile(torn, "w") as parts:
        for part in whole.namelist():
            if not part.startswith("xl/worksheets/"):
                parts.writestr(part, whole.read(part))
            elif sheet is not None:
                parts.writestr(part, sheet)
    return torn.getvalue()


NO_SUCH_TEXT = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<sheetData><row r="1"><c r="A1" t="s"><v>999</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("goods.csv.gz", gzip.compress(b"x" * 5_000)[:-600] + b"\0" * 300),
        ("goods.xlsx", b"PK\x03\x04 and nothing else"),
        ("shop.zip", b"PK\x05\x06" + b"\0" * 18),
        ("goods.jsonl", b'{"product_code": 1e999999999999, "title_zh": "x"}'),
        ("长" * 100 + ".csv", b"\xff\xfe\x00"),
        ("goods.xlsx", book()),
        ("goods.xlsx", book(NO_SUCH_TEXT)),
    ],
    ids=["cut", "no-book", "no-tables", "huge-number", "long-name", "no-sheet", "no-such-text"],
)
def test_a_poisoned_file_fails_and_the_next_one_is_brought_in(desk, name, content):
    upload(desk, content, name=name)
    upload(desk, table(1))

    assert run_imports(seconds=60)

    poisoned, good = ImportJob.objects.order_by("pk")
    assert poisoned.status in ("failed", "done")
    assert poisoned.failure or poisoned.problems
    assert (good.status, good.counts["products created"]) == ("done", 1)


def test_a_stopped_file_brings_nothing_more_and_what_came_stays(desk, monkeypatch):
    monkeypatch.setattr(import_jobs, "BATCH", 2)
    job = job_of(table(6))
    load = import_jobs.services.read_import(job)
    assert import_jobs._bring_next(job.pk, load, AT)

    desk.post(reverse("admin:goods_file_stop", args=[job.pk]))
    assert run_imports(seconds=60)

    job.refresh_from_db()
    assert (job.status, job.cursor, job.total) == ("stopped", 2, 6)
    assert Product.objects.count() == 2
    assert AuditEntry.objects.filter(verb="catalog.stop_import").count() == 1


@pytest.mark.django_db(transaction=True)
def test_C_50_a_worker_killed_in_the_middle_is_gone_on_with_and_nothing_is_twice(monkeypatch):
    monkeypatch.setattr(import_jobs, "BATCH", 5)
    make_warehouse(code="W9")
    job = job_of(table(40, bad=(7, 33)), warehouse_code="W9")

    assert killed_after(3) == signal.SIGKILL
    job.refresh_from_db()
    assert (job.status, job.cursor) == ("running", 15)
    assert run_imports(seconds=60)

    job.refresh_from_db()
    assert (job.status, job.cursor, job.total, job.problems) == ("done", 38, 38, 4)
    assert job.counts["products created"] == 38
    assert Product.objects.count() == 38
    assert Sku.objects.count() == 76
    assert sum(StockItem.objects.values_list("on_hand", flat=True)) == 152
    outcomes = ImportRow.objects.filter(job=job, outcome="created")
    assert outcomes.count() == outcomes.values("code").distinct().count() == 38


def killed_after(batches):
    """Run imports in a process of its own that dies in its next batch; the signal it died of."""
    connections.close_all()
    child = os.fork()
    if child:
        _child, status = os.waitpid(child, 0)
        return os.WTERMSIG(status)
    bring, seen = import_jobs.bring_batch, []

    def dying(*args, **kwargs):
        result = bring(*args, **kwargs)
        seen.append(1)
        if len(seen) > batches:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    import_jobs.bring_batch = dying
    run_imports(seconds=60)
    os._exit(0)


def test_a_packed_litemall_shop_is_taken(desk):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, rows in LITEMALL.items():
            lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
            archive.writestr(f"shop/{name}.jsonl.gz", gzip.compress(lines.encode()))

    upload(desk, packed.getvalue(), name="shop.zip")
    run_imports(seconds=60)

    job = ImportJob.objects.get()
    assert (job.status, job.failure, job.counts["products created"]) == ("done", "", 1)
    assert Sku.objects.get().price_fen == 9_900


LITEMALL = {
    "category": [
        {"id": 1, "name": "居家", "pid": 0, "level": "L1", "deleted": False, "sort_order": 1},
        {"id": 2, "name": "被枕", "pid": 1, "level": "L2", "deleted": False, "sort_order": 1},
    ],
    "brand": [],
    "goods": [
        {
            "id": 9,
            "goods_sn": "1006002",
            "name": "轻奢纯棉刺绣水洗四件套",
            "category_id": 2,
            "brand_id": 0,
            "brief": "",
            "keywords": "",
            "is_on_sale": True,
            "counter_price": 120,
            "retail_price": 99,
            "deleted": False,
        }
    ],
    "goods_attribute": [],
    "goods_product": [
        {
            "id": 3,
            "goods_id": 9,
            "specifications": '["标准"]',
            "price": 99,
            "number": 5,
            "deleted": False,
        }
    ],
    "goods_specification": [
        {"id": 1, "goods_id": 9, "specification": "规格", "value": "标准", "deleted": False}
    ],
}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_C_50_what_goes_out_comes_in_again_and_changes_nothing(desk, kind):
    job_of(table(4))
    run_imports(seconds=60)

    answer = desk.get(reverse("admin:goods_export"), {"kind": kind, "category": "", "status": ""})
    content = b"".join(answer) if answer.streaming else answer.content
    upload(desk, content, name=f"goods.{kind}")
    run_imports(seconds=60)

    again = ImportJob.objects.first()
    assert (again.status, again.problems) == ("done", 0)
    assert again.counts["products unchanged"] == 4


def test_costs_leave_the_house_only_with_who_may_see_them():
    job_of(table(1))
    run_imports(seconds=60)
    clerk = client_of(make_clerk("marketing"))

    answer = clerk.get(reverse("admin:goods_export"), {"kind": "csv"})
    assert answer.status_code == 200
    assert b"cost_yuan" not in answer.content
    assert (
        b"cost_yuan"
        in client_of(make_operator()).get(reverse("admin:goods_export"), {"kind": "csv"}).content
    )


def test_an_export_may_be_of_one_category_and_of_goods_on_sale(desk):
    job_of(
        table(2)
        + b"\nB1,\xe6\x9d\xaf,\xe9\xa4\x90\xe5\x8e\xa8 > \xe6\x9d\xaf\xe5\xa3\xb6,draft,B1,9,1,,"
    )
    run_imports(seconds=60)
    cups = Product.objects.get(code="B1").category.slug

    book = desk.get(reverse("admin:goods_export"), {"kind": "xlsx", "category": cups})
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(book))).active.values)
    on_sale = desk.get(reverse("admin:goods_export"), {"kind": "csv", "status": "on_sale"})

    assert [row[0] for row in rows] == ["product_code", "B1"]
    assert b"B1" not in on_sale.content
    assert b"T0" in on_sale.content


@pytest.mark.parametrize("role", ["service", "warehouse", "finance"])
def test_who_does_not_keep_goods_does_not_open_their_files(role):
    clerk = client_of(make_clerk(role))
    job = job_of(table(1))

    for name, args in (
        ("goods_files", []),
        ("goods_file", [job.pk]),
        ("goods_file_report", [job.pk]),
    ):
        assert clerk.get(reverse(f"admin:{name}", args=args)).status_code == 403
    assert clerk.post(reverse("admin:goods_file_stop", args=[job.pk])).status_code == 403
    job.refresh_from_db()
    assert job.status == "waiting"


@pytest.mark.parametrize("number", [2, 50])
def test_the_list_of_files_costs_the_same_for_two_and_for_fifty(desk, number):
    for n in range(number):
        job_of(table(n))
    desk.get(reverse("admin:goods_files"))

    with count_queries() as seen:
        desk.get(reverse("admin:goods_files"))

    assert len([sql for sql in seen.sql if "importjob" in sql]) == 2


def test_the_report_lists_every_row_and_is_safe_to_open(desk):
    job = job_of(table(2, bad=(1,)))
    run_imports(seconds=60)

    with translation.override("en"):
        report = desk.get(reverse("admin:goods_file_report", args=[job.pk])).content.decode()

    lines = report.splitlines()
    assert len(lines) == 4
    assert lines[1].startswith("goods.csv:4") or lines[1].startswith("goods.csv:2")


def test_ATK_80_who_may_not_count_stock_brings_no_stock_and_no_costs():
    make_warehouse(code="W9")
    clerk = client_of(make_clerk("marketing"))

    page = upload(clerk, table(1), warehouse="W9")
    assert not ImportJob.objects.exists()
    assert "W9 is not one of the available choices" in page.content.decode()
    upload(clerk, table(1))
    run_imports(seconds=60)

    assert ImportJob.objects.get().status == "done"
    assert not StockItem.objects.exists()
    assert set(Sku.objects.values_list("cost_fen", flat=True)) == {0}


def test_a_text_that_looks_like_a_formula_goes_out_and_comes_in_as_it_was(desk):
    job_of(
        b"product_code,title_zh,category,price_yuan,attr:\xe6\xb8\xa9\xe5\xba\xa6\n"
        + "C1,+7 号电池,家电 > 电池,9,-18℃\n".encode()
    )
    run_imports(seconds=60)
    out = desk.get(reverse("admin:goods_export"), {"kind": "csv"}).content
    assert "'-18℃".encode() in out

    upload(desk, out)
    run_imports(seconds=60)

    assert ImportJob.objects.first().counts["products unchanged"] == 1
    assert Product.objects.get().title_zh == "+7 号电池"
