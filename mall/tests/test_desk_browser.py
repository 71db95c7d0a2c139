"""The operators' day by hand in a browser: checking, picking, packing, sending, counting by two,
buying. Source: O-16, O-17, O-18, I-09, I-36."""

import pytest
from django.urls import reverse

from inventory.models import PurchaseOrder, StockItem, Stocktake
from inventory.services import draft_purchase, open_stocktake
from inventory.testing import make_goods, make_supplier
from mall.console.testing import client_of
from mall.kernel import clock
from mall.storefront.tests.chromium import NARROW, WIDE, Hands, browser
from members.models import Account
from members.testing import make_operator
from orders.models import Order, OrderCheck, PickList, Shipment
from orders.services import Request, Wish, request_after_sale, save_review_policy
from orders.testing import make_order, make_stocked_sku

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = (
    "packing", "parcels_file", "pickup_desk", "lead_times", "carrier_ratings", "orders_export",
    "payment_report", "stock_board", "stock_ages", "stock_losses", "stock_shortages", "coverage",
    "promises", "invariants", "orders_aftersale_changelist", "orders_ordercheck_changelist",
    "orders_ordertask_changelist", "orders_riskdecision_changelist", "orders_picklist_changelist",
    "orders_dailybill_changelist", "inventory_transfer_changelist",
    "inventory_stocktake_changelist", "inventory_purchaseorder_changelist",
    "inventory_supplier_changelist", "inventory_supplierstatement_changelist",
)  # fmt: skip


@pytest.fixture
def boss() -> Account:
    """Somebody who may do everything."""
    return make_operator(username="boss")


def desk_of(running, live_server, operator: Account, width: int = WIDE) -> Hands:
    desk = Hands.at(running, live_server.url, width)
    desk.let_in(client_of(operator))
    return desk


def deed(desk: Hands, row, name: str, button: str = "", **typed: str) -> None:
    """One deed of a row's page: its link, its form, its button; then the row again, or its list."""
    meta = row._meta
    desk.go(reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk]))
    desk.page.locator(f"a[href*='/{row.pk}/']", has_text=name).first.click()
    for field, value in typed.items():
        desk.page.fill(f"[name={field}]", value)
    asked = desk.page.url
    desk.page.get_by_role("button", name=button or name, exact=True).click()
    desk.page.wait_for_url(lambda url: url != asked)


def test_O_16_O_17_O_18_from_the_check_to_the_parcel(boss, live_server):
    save_review_policy(changes={"amount_fen": 5_000}, actor=boss, at=clock.now())
    order = make_order(paid=True, quantity=2, at=clock.now())
    check = OrderCheck.objects.get(order=order)
    house = StockItem.objects.get(sku=order.lines.get().sku).warehouse
    packing = f"{reverse('admin:packing')}?warehouse={house.code}"
    row = f"tr[data-order='{order.number}']"
    with browser() as running:
        desk = desk_of(running, live_server, boss)
        desk.go(packing)
        assert desk.page.locator(row).count() == 0
        deed(desk, check, "Pass")
        desk.go(packing)
        desk.page.check(f"{row} input[name=order]")
        desk.page.get_by_role("button", name="Make a pick list").click()
        desk.page.wait_for_url(
            f"**{reverse('admin:print_picks', args=[PickList.objects.get().pk])}"
        )
        assert order.number in desk.text()
        desk.go(packing)
        desk.page.check(f"{row} input[name=order]")
        desk.page.get_by_role("button", name="Mark packed").click()
        desk.shows("text=1 order is packed.")
        order.refresh_from_db()
        assert order.stage == Order.Stage.PACKED

        desk.go(reverse("admin:parcels_file"))
        desk.page.set_input_files(
            "[name=file]",
            {
                "name": "parcels.csv",
                "mimeType": "text/csv",
                "buffer": f"order_number,carrier,tracking_no\n{order.number},sf,SF1\n".encode(),
            },
        )
        assert desk.page.input_value("input[type=text]:disabled") == "parcels.csv"
        desk.page.uncheck("[name=is_trial]", force=True)
        desk.page.get_by_role("button", name="Go").click()
        desk.shows("tr[data-outcome=shipped]")
        assert desk.complaints == []
    order.refresh_from_db()
    assert (order.status, Shipment.objects.get().tracking_no) == (Order.Status.SHIPPED, "SF1")


def test_I_09_a_stocktake_takes_two_people(boss, live_server):
    sku, second = make_stocked_sku(on_hand=10), make_operator(username="second")
    item = StockItem.objects.get(sku=sku)
    paper = open_stocktake(warehouse_id=item.warehouse_id, note="", actor=boss, at=clock.now())
    with browser() as running:
        desk = desk_of(running, live_server, boss)
        deed(desk, paper, "Enter counts", lines=f"{sku.code} 8 two are gone")
        deed(desk, paper, "Hand in")
        desk.go(reverse("admin:inventory_stocktake_approve", args=[paper.pk]))
        desk.page.get_by_role("button", name="Approve", exact=True).click()
        desk.shows("text=somebody else approves it")
        item.refresh_from_db()
        assert (item.on_hand, Stocktake.objects.get().status) == (10, "waiting")

        other = desk_of(running, live_server, second)
        deed(other, paper, "Approve")
        item.refresh_from_db()
        assert item.on_hand == 8
        assert other.complaints == []


def test_I_36_a_purchase_order_is_approved_sent_and_taken_in(boss, live_server):
    sku, supplier = make_stocked_sku(on_hand=1), make_supplier()
    make_goods(supplier, sku)
    item = StockItem.objects.get(sku=sku)
    order = draft_purchase(
        supplier_id=supplier.pk,
        warehouse_id=item.warehouse_id,
        pieces={sku.pk: 300},
        actor=make_operator(username="buyer"),
        at=clock.now(),
    )
    with browser() as running:
        desk = desk_of(running, live_server, boss)
        deed(desk, order, "Approve")
        item.refresh_from_db()
        assert item.in_transit == 300
        deed(desk, order, "Sent to the supplier")
        deed(desk, order, "Receive", note_number="N-1")
        item.refresh_from_db()
        order.refresh_from_db()
        assert (item.on_hand, item.in_transit) == (301, 0)
        assert order.status == PurchaseOrder.Status.RECEIVED
        assert desk.complaints == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_screens_of_stock_and_orders_fit_a_phone(boss, live_server, language):
    order = make_order(paid=True, at=clock.now())
    wish = Wish("refund_only", "unwanted", {order.lines.get().pk: 1})
    asked = Request(wish=wish)
    request_after_sale(
        number=order.number, member_id=order.member_id, request=asked, at=clock.now()
    )
    too_wide = []
    with browser() as running:
        desk = desk_of(running, live_server, boss, NARROW)
        spoken = {"name": "django_language", "value": language, "url": live_server.url}
        desk.page.context.add_cookies([spoken])
        for name in SCREENS:
            desk.go(reverse(f"admin:{name}"))
            over = desk.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            too_wide += [f"{name}: {over} px"] if over > 0 else []
            assert desk.page.locator("h1, [aria-current=page], nav").count() > 0

        assert (too_wide, desk.complaints, desk.strangers) == ([], [], [])
