"""What operators do with stock and suppliers, by hand in a browser: from the menu to the row, its
form, its button, its answer; in both languages, on a desk and on a phone.

Source: issue 4 (Show 7); I-10, I-11, I-13, I-15, I-25, I-26, I-38, I-42.
"""

from datetime import timedelta

import pytest

from catalog.testing import make_sku
from inventory.models import (
    Disposal,
    PurchaseOrder,
    ReturnIntake,
    RoutingPolicy,
    StockItem,
    Stocktake,
    Supplier,
    SupplierAgreement,
    SupplierKey,
    SupplierStatement,
    SupplierSync,
    Transfer,
)
from inventory.services import post_supplier_charge, suggest_purchase
from inventory.testing import make_agreement, make_goods, make_supplier, make_warehouse
from mall.kernel import clock
from mall.storefront.tests.chromium import NARROW, WIDE, browser
from mall.tests.deeds import EN, ZH, Desk
from members.models import Account
from members.testing import make_operator
from orders.models import AfterSale
from orders.services import (
    Request,
    Wish,
    approve_after_sale,
    request_after_sale,
    send_back,
)
from orders.testing import make_received_order, make_stocked_sku

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def boss() -> Account:
    """Somebody who may do everything."""
    return make_operator(username="boss")


@pytest.fixture
def second(boss) -> Account:
    """The other person, where one's own yes is not enough."""
    return make_operator(username="second")


def test_I_11_pieces_move_from_one_warehouse_to_another(boss, live_server):
    sku, target = make_stocked_sku(on_hand=10), make_warehouse(code="south")
    here = StockItem.objects.get(sku=sku)
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, EN, WIDE)
        desk.menu("inventory_transfer_changelist")
        desk.deed("New transfer")
        form = {"lines": f"{sku.code} 4", "note": "for the south"}
        desk.fill(warehouse=here.warehouse_id, target=here.warehouse_id, **form)
        desk.press("Draft")
        desk.refuses("target", "Choose another warehouse.")
        assert not Transfer.objects.exists()
        desk.fill(target=target.pk)
        desk.press("Draft")
        desk.says("The transfer is drafted.")
        paper = Transfer.objects.get()

        desk.row(paper.number)
        desk.deed("Send")
        desk.press("Send")
        desk.says("Noted.")
        here.refresh_from_db()
        assert here.on_hand == 6
        desk.deed("Receive")
        desk.fill(**{f"sku_{sku.pk}": 5})
        desk.press("Receive")
        desk.refuses(f"sku_{sku.pk}", "less than or equal to 4")
        desk.fill(**{f"sku_{sku.pk}": 4})
        desk.press("Receive")
        desk.says("Noted.")
        desk.other(EN)
        assert desk.complaints == []
    paper.refresh_from_db()
    there = StockItem.objects.get(sku=sku, warehouse=target)
    assert (paper.status, there.on_hand) == (Transfer.Status.RECEIVED, 4)


def test_I_13_defects_are_set_aside_and_sold_when_a_second_person_agrees(boss, second, live_server):
    sku = make_stocked_sku(on_hand=10)
    item = StockItem.objects.get(sku=sku)
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, ZH, NARROW)
        desk.menu("inventory_stockitem_changelist")
        desk.row(sku.code)
        desk.deed("转为残次")
        desk.fill(pieces=3, reason="外箱破损")
        desk.press("转入残次")
        desk.says("库存已入账。")
        desk.deed("处置残次品")
        desk.fill(way="scrap", pieces=2, proceeds_fen="50.00", reason="外箱破损")
        desk.press("提交")
        desk.refuses("proceeds_fen", "报废没有收回金额。")
        assert not Disposal.objects.exists()
        desk.fill(way="sell")
        desk.other(ZH, item.warehouse.title_zh)
        desk.fill(way="sell", pieces=2, proceeds_fen="50.00", reason="外箱破损")
        desk.press("提交")
        paper = Disposal.objects.get()

        other = Desk.of(running, live_server.url, second, ZH, NARROW)
        other.menu("inventory_disposal_changelist")
        other.row(paper.number)
        other.deed("批准")
        other.press("批准")
        other.says("已记录。")
        assert (desk.complaints, other.complaints) == ([], [])
    item.refresh_from_db()
    assert (item.on_hand, item.defective) == (7, 1)


def test_I_13_an_adjustment_is_booked_by_a_second_person(boss, second, live_server):
    sku = make_stocked_sku(on_hand=10)
    item = StockItem.objects.get(sku=sku)
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, ZH, WIDE)
        desk.menu("inventory_stockitem_changelist")
        desk.row(sku.code)
        desk.deed("调整")
        desk.fill(difference="0", reason="少了两件")
        desk.press("提交")
        desk.refuses("difference", "差异不能为零。")
        desk.fill(difference="-2")
        desk.press("提交")
        desk.says("等待审批。")
        item.refresh_from_db()
        assert item.on_hand == 10
        paper = Stocktake.objects.get()
        desk.menu("inventory_stocktake_changelist")
        desk.row(paper.number)
        desk.deed("批准")
        desk.press("批准")
        desk.says(paper.number)
        desk.other(ZH)

        other = Desk.of(running, live_server.url, second, EN, NARROW)
        other.menu("inventory_stocktake_changelist")
        other.row(paper.number)
        other.deed("Approve")
        other.press("Approve")
        other.says("Noted.")
        assert (desk.complaints, other.complaints) == ([], [])
    item.refresh_from_db()
    assert item.on_hand == 8


def test_I_10_what_comes_back_is_graded_and_lies_where_it_belongs(boss, live_server):
    order = make_received_order(quantity=3, at=clock.now())
    line = order.lines.get()
    item = StockItem.objects.get(sku=line.sku)
    before = item.on_hand
    case = request_after_sale(
        number=order.number,
        member_id=order.member_id,
        request=Request(wish=Wish("return_refund", "quality", {line.pk: 3})),
        at=clock.now(),
    )
    approve_after_sale(number=case.number, actor=make_operator(), at=clock.now())
    send_back(
        number=case.number,
        member_id=order.member_id,
        carrier="SF",
        tracking_no="SF5550001",
        at=clock.now(),
    )
    row = case.lines.get()
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, EN, NARROW)
        desk.menu("orders_aftersale_changelist")
        desk.row(case.number)
        desk.deed("Inspect")
        desk.fill(**{f"graded_{row.pk}_{grade}": 1 for grade in "BC"}, warehouse=item.warehouse_id)
        desk.fill(**{f"graded_{row.pk}_A": 4})
        desk.press("Inspect")
        desk.refuses(f"graded_{row.pk}_A", "less than or equal to 3")
        desk.fill(**{f"graded_{row.pk}_A": 1})
        desk.press("Inspect")
        desk.says("Done.")
        desk.menu("inventory_returnintake_changelist")
        desk.row(case.number)
        desk.other(EN)
        assert desk.complaints == []
    item.refresh_from_db()
    case.refresh_from_db()
    paper = ReturnIntake.objects.get(after_sale_number=case.number)
    found = {one.grade: one.pieces for one in paper.lines.all() if one.grade}
    assert found == {"A": 1, "B": 1, "C": 1}
    assert case.state == AfterSale.State.INSPECTED
    assert item.on_hand + item.defective > before


def test_I_38_a_suggestion_becomes_a_purchase_order(boss, live_server):
    house, sku = make_warehouse(), make_sku()
    make_goods(make_supplier(), sku)
    suggest_purchase(
        pieces={sku.pk: 450}, source_type="presale", source_id="1", title="预售", at=clock.now()
    )
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, EN, NARROW)
        desk.menu("inventory_purchasesuggestion_changelist")
        desk.row(sku.code)
        desk.deed("Order from a supplier")
        desk.press("Order")
        desk.refuses("warehouse", "This field is required.")
        desk.fill(warehouse=house.pk)
        desk.press("Order")
        desk.says("Drafted: the list of purchase orders has them.")
        order = PurchaseOrder.objects.get()
        desk.menu("inventory_purchaseorder_changelist")
        desk.row(order.number)
        desk.other(EN, house.title_zh)
        assert desk.complaints == []
    line = order.lines.get()
    assert (order.warehouse, line.sku, line.quantity) == (house, sku, 450)


def test_I_15_the_routing_policy_is_one_row_that_is_typed_over(boss, live_server):
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, ZH, WIDE)
        desk.menu("inventory_routingpolicy_changelist")
        desk.click("#main a[href$='/routingpolicy/add/']")
        desk.page.wait_for_url("**/add/")
        desk.fill(prefer="cheapest", max_parcels=0)
        desk.press("保存")
        desk.refuses("max_parcels", "1")
        assert not RoutingPolicy.objects.exists()
        desk.other(ZH)
        desk.fill(prefer="cheapest", max_parcels=2)
        desk.press("保存")
        desk.page.wait_for_url("**/routingpolicy/")
        assert desk.complaints == []
    rules = RoutingPolicy.objects.get()
    assert (rules.prefer, rules.max_parcels) == ("cheapest", 2)


def test_I_25_a_supplier_is_filed_admitted_and_given_a_key(boss, live_server):
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, EN, NARROW)
        desk.menu("inventory_supplier_changelist")
        desk.click("#main a[href$='/supplier/add/']")
        desk.page.wait_for_url("**/add/")
        desk.fill(code="hz-knit", title_zh="杭州针织", title_en="Hangzhou Knit", lead_days="-1")
        desk.press("Save")
        desk.refuses("lead_days", "greater than or equal to")
        desk.fill(lead_days=9)
        desk.press("Save")
        supplier = Supplier.objects.get()
        desk.row("hz-knit")
        desk.deed("Admit")
        desk.press("Admit")
        desk.refuses("reason", "This field is required.")
        desk.fill(reason="seen on the spot")
        desk.press("Admit")
        desk.says("Missing: an agreement in force.")
        make_agreement(supplier)
        desk.press("Admit")
        desk.says("Noted.")
        desk.deed("New key of the stock door")
        desk.press("Make a key")
        key = SupplierKey.objects.get()
        assert key.key_id in desk.text("#main")
        desk.menu("inventory_supplierkey_changelist")
        desk.row(key.key_id)
        desk.deed("End this key")
        desk.press("End this key")
        desk.says("The key opens nothing any more.")
        desk.go(f"/admin/inventory/supplier/{supplier.pk}/change/")
        desk.other(EN, supplier.title_zh)
        assert desk.complaints == []
    supplier.refresh_from_db()
    key.refresh_from_db()
    assert (supplier.status, supplier.lead_days) == (Supplier.Status.ACTIVE, 9)
    assert key.ended_at is not None


def test_I_26_an_agreement_is_signed_and_stock_comes_by_file(boss, live_server):
    supplier = make_supplier(house=True)
    SupplierAgreement.objects.all().delete()
    sku = make_sku()
    make_goods(supplier, sku)
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, ZH, WIDE)
        desk.menu("inventory_supplieragreement_changelist")
        desk.click("#main a[href$='/supplieragreement/add/']")
        desk.page.wait_for_url("**/add/")
        desk.fill(number="HT-9")
        desk.press("保存")
        desk.refuses("starts_on", "必填")
        desk.pick("supplier", supplier.code, supplier.title_zh)
        desk.fill(starts_on="2026-11-01")
        desk.press("保存")
        desk.row("HT-9")
        desk.other(ZH, supplier.title_zh)

        desk.menu("inventory_supplier_changelist")
        desk.row(supplier.code)
        desk.deed("上传库存")
        desk.put("file", "stock.csv", f"{sku.code},120\nNO-SUCH,5\n")
        desk.press("上传")
        desk.page.wait_for_url("**/suppliersync/**")
        desk.row(supplier.title_zh)
        assert "NO-SUCH" in desk.text("#main")
        desk.other(ZH, supplier.title_zh)
        assert desk.complaints == []
    assert SupplierAgreement.objects.get().supplier == supplier
    assert SupplierSync.objects.get().way == SupplierSync.Way.CSV
    assert supplier.goods.get().synced_stock == 120


def test_I_42_a_month_is_settled_with_a_supplier(boss, live_server):
    supplier = make_supplier(house=True)
    last = clock.day_of(clock.now()).replace(day=1) - timedelta(days=1)
    post_supplier_charge(
        supplier_id=supplier.pk,
        kind="goods",
        reference="PO1/DN1",
        amount_fen=8_800,
        at=clock.bounds(last)[0],
    )
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, ZH, WIDE)
        desk.menu("inventory_supplierstatement_changelist")
        desk.deed("出具结算单")
        desk.fill(supplier=supplier.pk, month="2026-13")
        desk.press("出具结算单")
        desk.refuses("month", "有效的值")
        desk.fill(month=f"{last:%Y-%m}")
        desk.press("出具结算单")
        desk.says("结算单已出具")
        paper = SupplierStatement.objects.get()
        desk.row(paper.number)
        desk.deed("确认")
        desk.press("确认")
        desk.says("已记录。")
        desk.deed("登记付款")
        desk.fill(bank_reference="B-1")
        desk.press("登记付款")
        desk.says("已记录。")
        desk.other(ZH, supplier.title_zh)
        assert desk.complaints == []
    paper.refresh_from_db()
    assert (paper.status, paper.payable_fen) == (SupplierStatement.Status.PAID, 8_800)
    assert paper.bank_reference == "B-1"
