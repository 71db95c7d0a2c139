"""What operators do with orders, partners, money and risk, by hand in a browser: from the menu to
the row, its form, its button, its answer; in both languages, on a desk and on a phone.

Source: issue 4 (Show 7); O-15, O-28, O-33, O-36, O-39, O-47, O-50, O-56; INV-01.
"""

from pathlib import Path

import pytest
from django.urls import reverse

from catalog.testing import make_sku
from inventory.models import Warehouse
from inventory.testing import make_goods, make_stock, make_supplier
from mall.console.testing import make_clerk
from mall.kernel import clock
from mall.kernel.invariants.models import AuditRun
from mall.kernel.outbox import relay_batch
from mall.storefront.tests.chromium import NARROW, WIDE, browser
from mall.tests.deeds import EN, ZH, Desk
from members.models import Account, Wallet
from members.testing import make_operator
from orders.models import (
    BillFinding,
    Compensation,
    DailyBill,
    ForwardRoute,
    Order,
    Refund,
    RiskBlock,
    RiskDecision,
    SubOrder,
)
from orders.services import cancel_order
from orders.testing import make_order, make_stocked_sku

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def boss() -> Account:
    """Somebody who may do everything."""
    return make_operator(username="boss")


def sub_order() -> SubOrder:
    """Two pieces of a paid order that a partner ships."""
    supplier, sku = make_supplier(house=True), make_sku(price_fen=10_000)
    make_goods(supplier, sku)
    make_stock(sku=sku, on_hand=40, warehouse=Warehouse.objects.get(supplier=supplier))
    order = make_order(sku=sku, quantity=2, paid=True, at=clock.now())
    relay_batch(clock.now())
    return SubOrder.objects.get(order=order)


def test_O_33_an_order_goes_to_another_address(boss, live_server):
    order = make_order(paid=True, at=clock.now())
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, ZH, NARROW)
        desk.menu("orders_order_changelist")
        desk.row(order.number)
        desk.deed("修改地址")
        desk.fill(region_code="浙江省杭州市", address_detail="文三路 9 号", reason="买家来电")
        desk.press("修改地址")
        desk.refuses("region_code", "请填写唯一的街道或地区")
        desk.fill(region_code="浙江省杭州市西湖区北山街道", receiver_phone="12")
        desk.press("修改地址")
        desk.refuses("receiver_phone", "手机")
        desk.fill(receiver_phone="13900000001")
        desk.press("修改地址")
        desk.says("地址已修改，并已通知买家。")
        desk.other(ZH)
        assert desk.complaints == []
    order.refresh_from_db()
    assert (order.receiver_phone, order.address_detail) == ("13900000001", "文三路 9 号")
    assert order.region_names[-1] == "北山街道"


def test_O_33_an_unpaid_order_is_made_cheaper(boss, live_server):
    order = make_order(at=clock.now())
    before_fen = order.payable_fen
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, EN, WIDE)
        desk.menu("orders_order_changelist")
        desk.row(order.number)
        desk.deed("Lower the price")
        desk.fill(off_fen="100000", reason="a scratch")
        desk.press("Lower the price")
        desk.refuses("off_fen", "less than or equal to")
        desk.fill(off_fen="10.50")
        desk.press("Lower the price")
        desk.says("The order costs less now; the buyer has been told.")
        desk.other(EN)
        assert desk.complaints == []
    order.refresh_from_db()
    assert order.payable_fen == before_fen - 1_050


def test_O_28_a_partner_accepts_and_its_parcel_is_noted(boss, live_server):
    sub = sub_order()
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, ZH, NARROW)
        desk.menu("orders_suborder_changelist")
        desk.row(sub.number)
        desk.deed("登记接单")
        desk.press("登记")
        desk.says("已完成")
        desk.deed("登记发货")
        desk.fill(carrier="sf")
        desk.press("发货")
        desk.refuses("tracking_no", "必填")
        desk.fill(tracking_no="SF77")
        desk.press("发货")
        desk.says("已完成")
        desk.other(ZH)
        assert desk.complaints == []
    sub.refresh_from_db()
    assert (sub.state, sub.shipment.tracking_no) == (SubOrder.State.SHIPPED, "SF77")


def test_O_28_a_partner_is_told_by_file_and_answers_by_file(boss, live_server):
    sub = sub_order()
    house = sub.warehouse
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, EN, WIDE)
        desk.menu("orders_forwardroute_changelist")
        desk.click("#main a[href$='/forwardroute/add/']")
        desk.page.wait_for_url("**/add/")
        desk.fill(warehouse=house.pk, adapter="api")
        desk.press("Save")
        desk.says("An interface has an address.")
        desk.fill(adapter="csv")
        desk.press("Save")
        desk.row(house.title_en)
        desk.deed("Take the file")
        with desk.page.expect_download() as download:
            desk.page.get_by_role("button", name="Take the file", exact=True).click()
        header, line = Path(download.value.path()).read_text("utf-8-sig").splitlines()
        assert line.startswith(f"{sub.number},")
        desk.go(reverse("admin:orders_forwardroute_changelist"))
        desk.row(house.title_en)
        desk.deed("Upload tracking numbers")
        wrong = "D9" + "," * 9 + "sf,S"
        desk.put("file", "back.csv", f"{header}\n{line.removesuffix(',,')},sf,SF88\n{wrong}\n")
        desk.page.uncheck("[name=is_trial]", force=True)
        desk.press("Upload")
        desk.says("1 of 2 parcels are right.")
        desk.other(EN, house.title_zh)
        assert desk.complaints == []
    sub.refresh_from_db()
    assert ForwardRoute.objects.get().adapter == "csv"
    assert (sub.state, sub.shipment.tracking_no) == (SubOrder.State.SHIPPED, "SF88")


def test_O_36_a_difference_of_the_bill_is_solved_with_a_note(boss, live_server):
    at = clock.now()
    bill = DailyBill.objects.create(provider="sandbox", day=clock.day_of(at), compared_at=at)
    finding = BillFinding.objects.create(
        bill=bill, kind="extra", number="P-GONE", their_fen=500, found_at=at
    )
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, ZH, WIDE)
        desk.menu("orders_billfinding_changelist")
        desk.row("P-GONE")
        desk.deed("标记已处理")
        desk.press("标记已处理")
        desk.refuses("note", "必填")
        desk.fill(note="渠道侧测试单")
        desk.press("标记已处理")
        desk.says("差异已处理。")
        desk.other(ZH, finding.number)
        assert desk.complaints == []
    finding.refresh_from_db()
    assert (finding.state, finding.note) == (BillFinding.State.SOLVED, "渠道侧测试单")
    assert finding.solved_by == boss


def test_O_47_a_refund_that_failed_is_sent_again(boss, live_server):
    order = make_order(paid=True, at=clock.now())
    cancel_order(number=order.number, member_id=order.member_id, reason="", at=clock.now())
    Refund.objects.update(status=Refund.Status.FAILED, failure_code="refused")
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, EN, NARROW)
        desk.menu("orders_refund_changelist")
        number = Refund.objects.get().refund_no
        desk.choose(number, "Send again", "Run")
        desk.says(f"{number} is sent.")
        assert Refund.objects.get().status != Refund.Status.FAILED
        desk.choose(number, "Send again", "Run")
        desk.other(EN)
        assert desk.complaints == []


def test_O_39_O_56_the_risk_list_leads_to_the_blacklist(boss, live_server):
    order = make_order(at=clock.now())
    RiskDecision.objects.create(
        order=order,
        member=order.member,
        verdict=RiskDecision.Verdict.REVIEW,
        reasons=[{"code": "many_pieces", "score": 60, "count": 50}],
        score=60,
        device="d" * 64,
        at=clock.now(),
    )
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, ZH, WIDE)
        desk.menu("orders_riskdecision_changelist")
        desk.choose(order.number, "将会员加入黑名单", "执行")
        desk.says("已加入黑名单。")
        desk.menu("orders_riskblock_changelist")
        desk.click("#main a[href$='/riskblock/add/']")
        desk.page.wait_for_url("**/add/")
        desk.fill(kind="phone", key="139 0000 0001")
        desk.press("保存")
        desk.refuses("reason", "必填")
        desk.other(ZH)
        desk.fill(kind="phone", key="13900000001", reason="恶意下单")
        desk.press("保存")
        desk.page.wait_for_url("**/riskblock/")
        assert "恶意下单" in desk.text("#result_list")
        desk.other(ZH)
        assert desk.complaints == []
    kept = dict(RiskBlock.objects.values_list("kind", "key"))
    assert kept == {"member": str(order.member_id), "phone": "13900000001"}


def test_O_50_a_compensation_above_the_limit_takes_a_second_yes(boss, live_server):
    order = make_order(paid=True, at=clock.now())
    clerk = make_clerk("service")
    with browser() as running:
        desk = Desk.of(running, live_server.url, clerk, EN, NARROW)
        desk.menu("orders_order_changelist")
        desk.row(order.number)
        desk.deed("Compensate")
        desk.fill(amount_fen="-1", reason="came late")
        desk.press("Compensate")
        desk.refuses("amount_fen", "greater than or equal to")
        desk.fill(amount_fen="99999")
        desk.press("Compensate")
        desk.says("At most ¥")
        desk.fill(amount_fen="60.00")
        desk.press("Compensate")
        desk.says("another operator decides")
        paper = Compensation.objects.get()
        assert paper.state == Compensation.State.PENDING

        other = Desk.of(running, live_server.url, boss, ZH, NARROW)
        other.menu("orders_compensation_changelist")
        other.row(paper.number)
        other.deed("批准")
        other.press("批准")
        other.says("已完成。")
        other.other(ZH)
        assert (desk.complaints, other.complaints) == ([], [])
    paper.refresh_from_db()
    wallet = Wallet.objects.get(member=order.member)
    assert (paper.state, paper.decided_by) == (Compensation.State.PAID, boss)
    assert wallet.balance_fen == 6_000


def test_INV_the_laws_are_checked_on_demand(boss, live_server):
    sku = make_stocked_sku()
    order = make_order(sku=sku, paid=True, at=clock.now())
    Order.objects.filter(pk=order.pk).update(paid_fen=order.paid_fen + 1)
    with browser() as running:
        desk = Desk.of(running, live_server.url, boss, ZH, NARROW)
        desk.menu("invariants")
        desk.press("现在检查")
        run = AuditRun.objects.get()
        broken = run.findings.first()
        row = desk.page.locator(f"tr[data-law='{broken.code}']")
        assert order.number in row.inner_text()
        desk.other(ZH, "order")  # rows are named as the log names them
        row.get_by_role("link", name=order.number).first.click()
        desk.page.wait_for_url("**/admin/orders/order/?q=*")
        assert order.number in desk.text("#result_list")
        assert desk.complaints == []
