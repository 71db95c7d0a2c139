"""The pages of those who pack and ship."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from catalog.models import Sku
from inventory.models import StockItem
from mall.console.testing import client_of, make_clerk
from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.notify.models import Message
from mall.kernel.testing.queries import count_queries
from members.models import Tier
from members.testing import make_member, make_operator
from orders.models import (
    Carrier,
    CarrierPrice,
    Order,
    OrderCheck,
    OrderTask,
    PickList,
    ReviewPolicy,
    Shipment,
)
from orders.services import Wanted, ask_invoice, open_task, ship_order
from orders.testing import NOON, make_order, make_stocked_sku

pytestmark = pytest.mark.django_db
LATE = OrderTask.Kind.LATE_SHIPPING


@pytest.fixture
def boss():
    return client_of(make_operator())


@pytest.fixture
def packer():
    return client_of(make_clerk("warehouse"))


def page(client, name, *args, **query):
    answer = client.get(reverse(f"admin:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def warehouse():
    return StockItem.objects.order_by("pk").first().warehouse


def test_O_21_the_queue_shows_the_gold_members_later_order_first(packer):
    sku, gold = make_stocked_sku(), make_member()
    gold.tier = Tier.objects.get(code="gold")
    gold.save()
    plain = make_order(paid=True, sku=sku)
    first = make_order(paid=True, sku=sku, member=gold, at=clock.now())

    html = page(packer, "packing", warehouse=warehouse().code)

    assert (
        0 < html.index(f'data-order="{first.number}"') < html.index(f'data-order="{plain.number}"')
    )
    assert html.count("priority</b>") == 1


def test_O_17_five_chosen_orders_print_one_list_with_summed_pieces(packer):
    lamp, shade = make_stocked_sku(), make_stocked_sku()
    orders = [
        make_order(paid=True, wanted=(Wanted(lamp.pk, 2), Wanted(shade.pk, 1))) for _n in range(5)
    ]
    ask = {"warehouse": warehouse().code, "order": [order.pk for order in orders]}

    answer = packer.post(reverse("admin:packing_list"), ask)

    made = PickList.objects.get()
    assert answer["Location"] == reverse("admin:print_picks", args=[made.pk])
    html = page(packer, "print_picks", made.pk)
    row = html.partition(f'data-sku="{lamp.code}"')[2].partition("</tr>")[0]
    assert '<td class="num">10</td>' in row
    row = html.partition(f'data-sku="{shade.code}"')[2].partition("</tr>")[0]
    assert '<td class="num">5</td>' in row
    assert "<script" not in html
    assert "<style" not in html
    packs = page(packer, "print_packs", made.pk)
    assert packs.count('<section class="paper"') == 5


def test_O_17_chosen_orders_are_marked_packed(packer):
    order = make_order(paid=True)
    ask = {"warehouse": warehouse().code, "order": [order.pk, "x", "9" * 30]}

    answer = packer.post(reverse("admin:packing_done"), ask, follow=True)

    order.refresh_from_db()
    assert order.stage == "packed"
    assert "1 order is packed." in answer.content.decode()


def test_nothing_chosen_is_a_sentence_not_an_error(packer):
    make_order(paid=True)

    answer = packer.post(
        reverse("admin:packing_list"), {"warehouse": warehouse().code}, follow=True
    )

    assert "None of these orders has goods to pack" in answer.content.decode()
    assert not PickList.objects.exists()


def test_the_queue_costs_the_same_for_two_orders_and_for_fifty(packer):
    sku = make_stocked_sku(on_hand=200)
    for _n in range(2):
        make_order(paid=True, sku=sku)
    code = warehouse().code
    page(packer, "packing", warehouse=code)
    with count_queries() as few:
        page(packer, "packing", warehouse=code)
    for _n in range(48):
        make_order(paid=True, sku=sku)

    with count_queries(at_most=len(few)):
        html = page(packer, "packing", warehouse=code)
    assert html.count('type="checkbox" name="order"') == 50


@pytest.mark.parametrize("name", ["packing", "parcels_file"])
@pytest.mark.parametrize("role", ["service", "marketing", "finance"])
def test_who_does_not_ship_sees_no_floor(name, role):
    answer = client_of(make_clerk(role)).get(reverse(f"admin:{name}"))

    assert answer.status_code == 403


def test_O_18_a_file_is_tried_then_sent(packer):
    order = make_order(paid=True)
    content = f"order_number,carrier,tracking_no\n{order.number},sf,SF1\nNONE,sf,SF2\n".encode()

    def send(**fields):
        file = SimpleUploadedFile("parcels.csv", content)
        answer = packer.post(reverse("admin:parcels_file"), {"file": file, **fields})
        return answer.content.decode()

    tried = send(is_trial="on")
    assert not Shipment.objects.exists()
    sent = send()

    assert 'data-outcome="would_ship"' in tried
    assert sent.count('data-outcome="shipped"') == 1
    assert sent.count('data-outcome="bad"') == 1
    assert Shipment.objects.get().tracking_no == "SF1"
    assert 'data-outcome="known"' in send()


def test_a_file_that_is_none_is_refused_with_its_reason(packer):
    file = SimpleUploadedFile("parcels.csv", b"a,b\n1,2\n")

    answer = packer.post(reverse("admin:parcels_file"), {"file": file})

    assert "order_number, carrier, tracking_no" in answer.content.decode()


def exported(client, kind):
    day = f"{clock.day_of(NOON):%Y-%m-%d}"
    answer = client.get(reverse("admin:orders_export"), {"first": day, "last": day, "kind": kind})
    assert answer.status_code == 200
    if kind == "csv":
        text = answer.content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text)))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return [list(row) for row in sheet.values]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_O_53_service_gets_masked_phones_and_no_cost_finance_both(kind):
    order = make_order(paid=True, quantity=2)
    Sku.objects.update(cost_fen=4_200)
    phone = order.receiver_phone

    service, finance = client_of(make_clerk("service")), client_of(make_clerk("finance"))
    head, row = exported(service, kind)
    whole_head, whole = exported(finance, kind)

    assert f"{phone[:3]}****{phone[-4:]}" in row
    assert phone not in row
    assert "cost of the line" not in head
    assert phone in whole
    assert dict(zip(whole_head, whole, strict=True))["cost of the line"] == "84.00"
    entries = AuditEntry.objects.filter(verb="orders.export").order_by("pk")
    assert [(e.after["rows"], e.after["phones"], e.after["costs"]) for e in entries] == [
        (1, False, False),
        (1, True, True),
    ]


def test_O_12_the_invoice_is_in_the_export():
    order = make_order(paid=True)
    invoice = {
        "kind": "company",
        "title": "杭州某某家居有限公司",
        "tax_no": "91330100MA2AXXXX1X",
        "email": "finance@example.com",
    }
    Order.objects.filter(pk=order.pk).update(invoice=invoice)

    head, row = exported(client_of(make_clerk("service")), "csv")

    billed = dict(zip(head, row, strict=True))
    assert (billed["invoice title"], billed["tax number"]) == (invoice["title"], invoice["tax_no"])


def test_O_12_the_export_goes_by_the_day_the_invoice_was_asked_for_too():
    order, day = make_order(paid=True, at=NOON - timedelta(days=40)), f"{clock.day_of(NOON)}"
    invoice = {"kind": "personal", "title": "林小满"}
    ask_invoice(number=order.number, member_id=order.member_id, invoice=invoice, at=NOON)
    client, ask = client_of(make_clerk("finance")), {"first": day, "last": day, "kind": "csv"}

    placed = client.get(reverse("admin:orders_export"), ask)
    asked = client.get(reverse("admin:orders_export"), {**ask, "by": "invoice"})

    assert order.number not in placed.content.decode()
    assert order.number in asked.content.decode()


def test_O_53_no_cell_is_a_formula():
    order = make_order(paid=True)
    Order.objects.filter(pk=order.pk).update(note='=HYPERLINK("http://x")', receiver_name="+86")

    _head, row = exported(client_of(make_clerk("service")), "csv")

    assert '\'=HYPERLINK("http://x")' in row
    assert "'+86" in row


def test_O_53_too_many_rows_are_refused_and_nothing_leaves(monkeypatch):
    monkeypatch.setattr("orders.services.fulfilment.exporting.MOST_ROWS", 0)
    make_order(paid=True)
    client = client_of(make_clerk("service"))
    day = f"{clock.day_of(NOON):%Y-%m-%d}"

    answer = client.get(reverse("admin:orders_export"), {"first": day, "last": day, "kind": "csv"})

    assert "At most 0 rows at a time" in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="orders.export").exists()


def test_an_export_costs_the_same_for_two_orders_and_for_twenty():
    client = client_of(make_clerk("finance"))
    sku = make_stocked_sku(on_hand=100)
    for _n in range(2):
        make_order(paid=True, sku=sku)
    exported(client, "csv")
    with count_queries() as few:
        exported(client, "csv")
    for _n in range(18):
        make_order(paid=True, sku=sku)

    with count_queries(at_most=len(few)):
        rows = exported(client, "csv")
    assert len(rows) == 21


def test_O_25_and_I_21_the_reports_open(boss):
    at = clock.now()
    order = make_order(paid=True, at=at)
    ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=at)

    lead = page(boss, "lead_times", span="today")
    ranking = page(boss, "carrier_ratings", span="today")

    assert f'data-warehouse="{warehouse().title_en}"' in lead
    row = ranking.partition('data-carrier="sf"')[2].partition("</tr>")[0]
    assert '<td class="num">1</td>' in row


def test_O_16_a_check_is_decided_from_its_page():
    ReviewPolicy.objects.create(pk=1, amount_fen=1)
    order = make_order(paid=True)
    check, client = OrderCheck.objects.get(), client_of(make_clerk("service"))
    shown = page(client, "orders_ordercheck_change", check.pk)

    answer = client.post(reverse("admin:orders_ordercheck_let_pass", args=[check.pk]), {"note": ""})

    order.refresh_from_db()
    assert "Big amount" in shown
    assert (answer.status_code, order.stage) == (302, "to_pack")


def test_O_16_a_rejection_needs_a_reason():
    ReviewPolicy.objects.create(pk=1, amount_fen=1)
    order = make_order(paid=True)
    check, client = OrderCheck.objects.get(), client_of(make_clerk("service"))
    address = reverse("admin:orders_ordercheck_reject", args=[check.pk])

    assert client.post(address, {"reason": ""}).status_code == 200
    order.refresh_from_db()
    assert order.stage == "in_review"
    assert client.post(address, {"reason": "刷单"}).status_code == 302
    order.refresh_from_db()
    assert (order.status, order.close_reason) == ("closed", "refunded")


def test_O_16_a_policy_is_saved_with_a_trail(boss):
    ReviewPolicy.objects.create(pk=1)
    address = reverse("admin:orders_reviewpolicy_change", args=[1])

    answer = boss.post(
        address,
        {
            "is_on": "on",
            "amount_fen": "3000.00",
            "address_letters": "4",
            "blocked_prefixes": "65,54",
        },
    )

    policy = ReviewPolicy.objects.get()
    assert (answer.status_code, policy.amount_fen, policy.blocked_prefixes) == (
        302, 300_000, ["65", "54"],
    )  # fmt: skip
    assert AuditEntry.objects.filter(verb="orders.save_review_policy").count() == 1


def test_O_26_tasks_are_shown_mine_all_overdue_and_done_with_an_outcome():
    clerk = make_clerk("warehouse")
    client = client_of(clerk)
    open_task(kind=LATE, reference="MINE", at=NOON)
    open_task(kind=OrderTask.Kind.RISK_REVIEW, reference="OTHERS", at=NOON)
    task = OrderTask.objects.get(reference="MINE")
    assert task.assignee == clerk

    mine = page(client, "orders_ordertask_changelist", standing="mine")
    everything = page(client, "orders_ordertask_changelist", standing="open")
    assert ("MINE" in mine, "OTHERS" in mine, "OTHERS" in everything) == (True, False, True)
    overdue = page(client, "orders_ordertask_changelist", standing="overdue")
    assert "MINE" in overdue
    client.post(reverse("admin:orders_ordertask_finish", args=[task.pk]), {"outcome": "已发"})
    task.refresh_from_db()
    assert (task.closed_by, task.outcome) == (clerk, "已发")
    handing = reverse("admin:orders_ordertask_assign", args=[task.pk])
    assert client.get(handing).status_code == 403


def test_O_23_the_desk_reminds_once(boss):
    order = make_order(at=clock.now())
    address = reverse("admin:orders_order_remind", args=[order.pk])

    assert boss.get(address).status_code == 200
    assert not Message.objects.filter(template="orders.pay_reminder").exists()
    done = boss.post(address, follow=True).content.decode()
    many = {"action": "remind_chosen", "_selected_action": [order.pk]}
    refused = boss.post(reverse("admin:orders_order_changelist"), many, follow=True)
    refused = refused.content.decode()

    assert "The buyer has been reminded." in done
    assert "was reminded already" in refused
    assert Message.objects.filter(template="orders.pay_reminder", channel="inbox").count() == 1


def test_I_21_the_ship_page_names_the_cheapest_carrier_that_keeps_the_promise(boss):
    for code, first_fen in (("sf", 1_800), ("yto", 800)):
        CarrierPrice.objects.create(
            carrier=Carrier.objects.get(code=code), first_fen=first_fen, promise_hours=48
        )
    order = make_order(paid=True)

    html = page(boss, "orders_order_ship", order.pk)

    assert "圆通速递 ¥8.00, 48 h; 顺丰速运 ¥18.00, 48 h" in html
    assert '<option value="yto" selected>' in html


def test_O_15_the_history_names_actor_and_time(boss):
    operator = make_operator(username="packer-wang")
    order = make_order(paid=True)
    ship_order(
        order_number=order.number, carrier="sf", tracking_no="SF1", at=clock.now(), actor=operator
    )

    html = page(boss, "orders_order_change", order.pk)

    assert "packer-wang" in html
    assert "On its way" in html
