"""Stock in files of goods: given out, taken in once, set by who may correct it. Source: C-50."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.models import ImportJob, ImportRow, Sku
from catalog.services import open_import, read_shipload
from catalog.testing import AT, make_bundle, make_product
from inventory.models import StockItem, StockLoss, StockMovement
from inventory.testing import make_stock, make_warehouse
from mall.console import import_jobs
from mall.console.import_jobs import run_imports
from mall.console.importing import bring_in
from mall.console.testing import client_of, make_clerk
from mall.kernel.audit.models import AuditEntry
from members.testing import make_operator

pytestmark = pytest.mark.django_db
HEADER = "product_code,title_zh,category,status,sku_code,price_yuan,stock"


def table(*rows):
    """One SKU a product: code and pieces."""
    lines = [f"{code},纯棉短袖,服装 > 上装,on_sale,{code}-1,99,{pieces}" for code, pieces in rows]
    return "\n".join([HEADER, *lines]).encode()


def brought(content, warehouse="W9", *, name="goods.csv", actor=None, **values):
    job = open_import(
        name=name, content=content, at=AT, language="en", warehouse_code=warehouse, actor=actor,
        **values,
    )  # fmt: skip
    assert run_imports(seconds=60)
    job.refresh_from_db()
    assert job.status == "done"
    return job


def on_hand(code, warehouse="W9"):
    found = StockItem.objects.filter(sku__code=f"{code}-1", warehouse__code=warehouse).first()
    return found and found.on_hand


@pytest.fixture
def desk():
    return client_of(make_operator())


@pytest.fixture
def house():
    return make_warehouse(code="W9")


def exported(desk, **asked):
    answer = desk.get(reverse("admin:goods_export"), {"kind": "jsonl", **asked})
    return {row["sku_code"]: row for row in map(json.loads, b"".join(answer).splitlines())}


def test_C_50_stock_goes_out_summed_or_of_one_warehouse(desk, house):
    sku = make_product().skus.get()
    empty = make_product().skus.get()
    bundle = make_bundle({sku: 2})
    make_stock(sku=sku, warehouse=house, on_hand=3)
    make_stock(sku=sku, warehouse=make_warehouse(code="W8"), on_hand=4)

    together, one = exported(desk), exported(desk, warehouse="W9")

    assert (together[sku.code]["stock_everywhere"], one[sku.code]["stock"]) == (7, 3)
    assert (together[empty.code]["stock_everywhere"], one[empty.code]["stock"]) == (0, 0)
    assert "stock" not in together[sku.code]
    assert not {"stock", "stock_everywhere"} & {*together[bundle.code], *one[bundle.code]}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_C_50_stock_that_goes_out_comes_in_again_and_adds_nothing(desk, house, kind):
    brought(table(("T1", 5), ("T2", 0)))
    moved = make_product().skus.get()
    make_stock(sku=moved, warehouse=house, on_hand=8)

    answer = desk.get(reverse("admin:goods_export"), {"kind": kind, "warehouse": "W9"})
    content = b"".join(answer) if answer.streaming else answer.content
    before = StockMovement.objects.count()
    again = brought(content, name=f"goods.{kind}")
    once_more = brought(content, name=f"goods.{kind}", sets_stock=True)

    assert (again.problems, once_more.problems) == (0, 0)
    assert StockMovement.objects.count() == before
    assert on_hand("T1") == 5


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_C_50_the_pieces_of_all_warehouses_are_never_set_in_one(desk, house, kind):
    brought(table(("T1", 5)))
    sku = Sku.objects.get()
    make_stock(sku=sku, warehouse=make_warehouse(code="W8"), on_hand=4)

    answer = desk.get(reverse("admin:goods_export"), {"kind": kind})
    content = b"".join(answer) if answer.streaming else answer.content
    job = brought(content, name=f"goods.{kind}", sets_stock=True)

    assert (on_hand("T1"), on_hand("T1", "W8"), job.problems) == (5, 4, 0)


def test_who_may_not_see_stock_gives_out_none(house):
    make_stock(sku=make_product().skus.get(), warehouse=house, on_hand=3)
    clerk = make_clerk("marketing")
    sees = clerk.has_perm("inventory.view_stockitem")

    header = client_of(clerk).get(reverse("admin:goods_export"), {"kind": "csv"}).content

    assert (b"stock" in header.splitlines()[0]) is sees


def test_C_50_a_file_sets_the_stock_of_known_skus_by_a_count_with_its_trail(house):
    boss = make_operator()
    brought(table(("T1", 5), ("T2", 5), ("T3", 5)))

    job = brought(table(("T1", 9), ("T2", 0), ("T3", 5), ("T4", 2)), actor=boss, sets_stock=True)

    assert [on_hand(code) for code in ("T1", "T2", "T3", "T4")] == [9, 0, 5, 2]
    assert (job.counts["SKUs counted"], job.counts["pieces taken in"]) == (2, 2)
    counts = StockMovement.objects.filter(kind="count")
    assert sorted(counts.values_list("delta_on_hand", flat=True)) == [-5, 4]
    assert AuditEntry.objects.filter(verb="inventory.count", actor=boss).count() == 2
    assert StockLoss.objects.filter(kind=StockLoss.Kind.MISSING).exists()


def test_C_50_a_file_with_a_new_price_sets_stock_to_nothing_too(house):
    brought(table(("T1", 5)))

    job = brought(table(("T1", 0)).replace(b",99,", b",98,"), sets_stock=True)

    assert (Sku.objects.get().price_fen, on_hand("T1")) == (9_800, 0)
    assert job.counts["SKUs counted"] == 1


def test_without_the_option_known_stock_stays_as_it_is(house):
    brought(table(("T1", 5)))

    brought(table(("T1", 9)))

    assert on_hand("T1") == 5


def test_pieces_promised_to_orders_are_no_less_than_that_and_the_rest_is_taken(house):
    brought(table(("T1", 5), ("T2", 5)))
    StockItem.objects.filter(sku__code="T1-1").update(reserved=3)

    job = brought(table(("T1", 1), ("T2", 7)), actor=make_operator(), sets_stock=True)

    assert (on_hand("T1"), on_hand("T2"), job.problems) == (5, 7, 1)
    (row,) = ImportRow.objects.filter(job=job, outcome="problem")
    assert (row.field, row.place) == ("stock", "goods.csv:2")


def test_a_sku_that_lies_elsewhere_opens_in_the_warehouse_that_is_set(house):
    brought(table(("T1", 5)))
    make_warehouse(code="W8")

    brought(table(("T1", 4)), warehouse="W8", actor=make_operator(), sets_stock=True)

    assert (on_hand("T1"), on_hand("T1", "W8")) == (5, 4)


def test_a_trial_says_what_would_be_set_and_sets_nothing(house):
    brought(table(("T1", 5)))

    job = brought(table(("T1", 9)), actor=make_operator(), sets_stock=True, is_trial=True)

    assert (job.counts["SKUs counted"], on_hand("T1")) == (1, 5)


def test_ATK_80_only_who_corrects_stock_is_offered_it_and_the_worker_asks_again(desk, house):
    brought(table(("T1", 5)))
    clerk = make_clerk("marketing")
    assert not clerk.has_perm("inventory.correct_stockitem")

    offered = desk.get(reverse("admin:goods_files")).content.decode()
    kept_back = client_of(clerk).get(reverse("admin:goods_files")).content.decode()
    brought(table(("T1", 9)), actor=clerk, sets_stock=True)

    assert ("sets_stock" in offered, "sets_stock" in kept_back) == (True, False)
    assert on_hand("T1") == 5


def may(account, *rights):
    account.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return type(account).objects.get(pk=account.pk)


def told(job):
    rows = ImportRow.objects.filter(job=job, outcome="problem")
    return list(rows.values_list("field", "reason"))


def test_ATK_80_a_trial_brought_in_books_stock_only_for_who_may(desk, house, monkeypatch):
    monkeypatch.setattr(import_jobs, "BATCH", 1)
    content = table(("T1", 5), ("T2", 5))
    trial = brought(content, actor=make_operator(), is_trial=True)
    clerk = make_operator(is_superuser=False)
    may(clerk, "view_importjob", "add_importjob", "change_product")

    client_of(clerk).post(reverse("admin:goods_file_bring", args=[trial.pk]))
    run_imports(seconds=60)

    job = ImportJob.objects.get(is_trial=False)
    assert (job.status, job.counts["products created"], job.problems) == ("done", 2, 1)
    assert told(job) == [("stock", "Stock is left out: who brings the file in may not book any.")]
    assert not StockItem.objects.exists()


def test_ATK_80_a_right_to_correct_stock_that_is_gone_is_said(house):
    brought(table(("T1", 5)))
    clerk = may(make_operator(is_superuser=False), "add_stocktake")

    job = brought(table(("T1", 9), ("T2", 3)), actor=clerk, sets_stock=True)

    assert (on_hand("T1"), on_hand("T2")) == (5, 3)
    assert told(job) == [("stock", "Known stock stays: who brings the file in may not correct it.")]


def test_a_file_that_names_no_stock_says_nothing_of_rights(house):
    plain = "product_code,title_zh,category,price_yuan\nT1,短袖,服装 > 上装,99".encode()

    job = brought(plain, actor=make_operator(is_superuser=False), sets_stock=True)

    assert told(job) == []


def test_C_50_the_form_asks_for_it_and_a_trial_brought_in_keeps_the_wish(desk, house):
    brought(table(("T1", 5)))
    file = SimpleUploadedFile("goods.csv", table(("T1", 9)))
    form = {"file": file, "warehouse": "W9", "sets_stock": "on", "is_trial": "on"}
    desk.post(reverse("admin:goods_files"), form)
    run_imports(seconds=60)
    trial = ImportJob.objects.get(is_trial=True)

    desk.post(reverse("admin:goods_file_bring", args=[trial.pk]))
    run_imports(seconds=60)

    assert ImportJob.objects.order_by("-pk").first().sets_stock
    assert on_hand("T1") == 9


def test_C_50_the_command_sets_stock_too(house, tmp_path):
    path = tmp_path / "goods.csv"
    path.write_bytes(table(("T1", 5)))
    bring_in(read_shipload(path), at=AT, warehouse=house)
    path.write_bytes(table(("T1", 9)))

    result = bring_in(read_shipload(path), at=AT, warehouse=house, sets_stock=True)

    assert (result.counts["SKUs counted"], on_hand("T1")) == (1, 9)
    assert Sku.objects.count() == 1


def test_a_forbidden_name_of_a_category_leaves_out_its_goods_and_nothing_else(house):
    good = "T1,短袖,服装 > 上装,on_sale,T1-1,99,1"
    bad = "T2,短袖,服装 > 治愈失眠,on_sale,T2-1,99,1"

    job = brought("\n".join([HEADER, bad, good]).encode())

    assert list(Sku.objects.values_list("code", flat=True)) == ["T1-1"]
    assert (job.counts["products created"], job.counts["products failed"]) == (1, 1)
