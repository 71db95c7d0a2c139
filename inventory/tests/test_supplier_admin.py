"""The operators' screens of suppliers: every deed by its right, both ways; masks; exports."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from catalog.testing import make_operator, make_sku
from inventory.models import (
    PurchaseOrder,
    PurchaseSuggestion,
    StockItem,
    Supplier,
    SupplierAgreement,
    SupplierKey,
    SupplierScorecard,
    SupplierStatement,
    SupplierSync,
)
from inventory.services import (
    approve_purchase,
    draft_purchase,
    draw_statement,
    post_return_freight,
    post_supplier_charge,
    send_purchase,
    suggest_purchase,
)
from inventory.testing import make_goods, make_supplier, make_warehouse
from inventory.tests.test_admin import operator, page, text
from mall.kernel.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
IN_OCTOBER = datetime(2026, 10, 20, 4, tzinfo=UTC)
VIEWS = (
    "view_supplier",
    "view_suppliercontact",
    "view_purchaseorder",
    "view_purchaseorderline",
    "view_supplierstatement",
    "view_supplierstatementline",
)


@pytest.fixture(autouse=True)
def _english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def boss(client):
    return operator(client)


@pytest.fixture
def supplier():
    return make_supplier(house=True, moq=1, title_zh="杭州织造", payee_account="6222000011112222")


@pytest.fixture
def house():
    return make_warehouse()


def sent(supplier, house, sku, pieces=10):
    order = draft_purchase(
        supplier_id=supplier.pk, warehouse_id=house.pk, pieces={sku.pk: pieces}, at=AT
    )
    approve_purchase(order_id=order.pk, at=AT, actor=make_operator())
    send_purchase(order_id=order.pk, at=AT)
    return order


def statement_of(supplier):
    post_supplier_charge(
        supplier_id=supplier.pk,
        kind="goods",
        reference="=PO1/DN1",
        amount_fen=10_000,
        at=IN_OCTOBER,
    )
    post_return_freight(
        supplier_id=supplier.pk, after_sale_number="AS1", amount_fen=1_200, at=IN_OCTOBER
    )
    return draw_statement(supplier_id=supplier.pk, month=date(2026, 10, 1), at=AT)


def test_a_supplier_is_filed_with_its_contacts_and_a_trail(client, boss):
    answer = client.post(
        page("supplier_add"),
        {
            "code": "hz-knit",
            "title_zh": "杭州针织",
            "title_en": "Hangzhou Knit",
            "moq": "300",
            "lead_days": "7",
            "ships_within_hours": "48",
            "contacts-TOTAL_FORMS": "1",
            "contacts-INITIAL_FORMS": "0",
            "contacts-0-name": "王经理",
            "contacts-0-phone": "13900000000",
            "contacts-0-is_first": "on",
        },
    )

    supplier = Supplier.objects.get(code="hz-knit")
    assert answer.status_code == 302
    assert supplier.status == Supplier.Status.PENDING
    assert supplier.contacts.get().phone == "13900000000"
    trail = AuditEntry.objects.filter(actor_id=boss.pk)
    assert set(trail.values_list("verb", flat=True)) == {
        "inventory.save_supplier",
        "inventory.save_suppliercontact",
    }
    assert "13900000000" not in str(list(trail.values_list("after", flat=True)))


def test_numbers_are_masked_for_who_may_not_see_them(client, supplier):
    supplier.contacts.create(name="王经理", phone="13900000000")
    address = page("supplier_change", supplier.pk)

    operator(client, *VIEWS)
    shown = text(client.get(address))
    assert "王经理" in shown
    assert "13900000000" not in shown
    assert "6222000011112222" not in shown


def test_the_right_shows_them(client, supplier):
    supplier.contacts.create(name="王经理", phone="13900000000")

    operator(client, *VIEWS, "see_supplier_contacts")
    shown = text(client.get(page("supplier_change", supplier.pk)))
    assert "13900000000" in shown
    assert "6222000011112222" in shown


def test_I_25_suspending_needs_its_right_and_a_reason(client, supplier):
    address = page("supplier_suspend", supplier.pk)

    operator(client, *VIEWS)
    assert client.post(address, {"reason": "质量"}).status_code == 403
    client.logout()
    client.cookies["django_language"] = "en"
    make_boss = operator_named(client, "boss2")
    assert client.post(address, {"reason": ""}).status_code == 200
    supplier.refresh_from_db()
    assert supplier.status == Supplier.Status.ACTIVE

    assert client.post(address, {"reason": "质量"}).status_code == 302
    supplier.refresh_from_db()
    assert supplier.status == Supplier.Status.SUSPENDED
    assert AuditEntry.objects.get(verb="inventory.move_supplier").actor_id == make_boss.pk


def operator_named(client, username):
    account = make_operator(username=username, is_superuser=True)
    client.force_login(account, backend="members.backends.AccountBackend")
    return account


def test_the_secret_of_a_key_is_shown_once(client, boss, supplier):
    address = page("supplier_issue_key", supplier.pk)
    assert client.get(address).status_code == 200
    assert not SupplierKey.objects.exists()

    shown = text(client.post(address))
    key = SupplierKey.objects.get()
    assert key.key_id in shown
    assert "cannot be shown again" in shown

    assert client.post(page("supplierkey_end", key.pk)).status_code == 302
    key.refresh_from_db()
    assert key.ended_at is not None


def test_I_32_a_stock_file_keeps_the_good_rows_and_lists_the_bad(client, boss, supplier):
    sku = make_sku()
    make_goods(supplier, sku, buffer=10)
    file = SimpleUploadedFile("stock.csv", f"code,pieces\n{sku.code},60\nnothing,5\n".encode())

    answer = client.post(
        page("supplier_upload_stock", supplier.pk), {"reference": "f-1", "file": file}
    )

    assert answer.status_code == 302
    sync = SupplierSync.objects.get()
    assert (sync.way, sync.accepted, sync.actor_id) == ("csv", 1, boss.pk)
    assert sync.refused == [{"row": 3, "code": "nothing", "reason": "unknown"}]
    assert StockItem.objects.get(sku=sku).available == 50


def test_a_file_that_is_no_list_is_said_on_the_page(client, boss, supplier):
    file = SimpleUploadedFile("stock.csv", b"\x00\x01")

    answer = client.post(
        page("supplier_upload_stock", supplier.pk), {"reference": "f-1", "file": file}
    )

    assert "Only CSV files" in text(answer)
    assert not SupplierSync.objects.exists()


def test_an_agreement_with_a_paper_that_is_none_is_refused(client, boss, supplier):
    before = SupplierAgreement.objects.count()

    answer = client.post(
        page("supplieragreement_add"),
        {
            "supplier": supplier.pk,
            "number": "HT-9",
            "starts_on": "2026-11-01",
            "ships_within_hours": "48",
            "answers_within_minutes": "120",
            "return_freight_bp": "100",
            "quality_bp": "87.5",
            "dropship_fee_fen": "1.50",
            "file": SimpleUploadedFile("x.pdf", b"<html>"),
        },
    )

    assert "Only PDF, JPEG and PNG" in text(answer)
    assert SupplierAgreement.objects.count() == before


def test_I_36_an_order_lives_on_the_screen_from_draft_to_closed(client, boss, supplier, house):
    sku = make_sku()
    make_goods(supplier, sku, cost_fen=3_000)
    client.post(
        page("purchaseorder_draft"),
        {"supplier": supplier.pk, "warehouse": house.pk, "lines": f"{sku.code} 8", "note": ""},
    )
    order = PurchaseOrder.objects.get()

    def act(deed, **typed):
        return client.post(page(f"purchaseorder_{deed}", order.pk), typed)

    act("change_goods", lines=f"{sku.code} 10")
    act("approve")
    act("send")
    line = order.lines.get()
    refused = act(
        "receive",
        note_number="DN-1",
        **{f"accepted_{line.pk}": "11", f"refused_{line.pk}": "0"},
    )
    assert refused.status_code == 200
    act("receive", note_number="DN-1", **{f"accepted_{line.pk}": "6", f"refused_{line.pk}": "0"})
    order.refresh_from_db()
    assert order.status == PurchaseOrder.Status.PART_RECEIVED
    assert order.lines.get().left == 4
    act("close", reason="够了")

    order.refresh_from_db()
    assert order.status == PurchaseOrder.Status.CLOSED
    item = StockItem.objects.get(sku=sku)
    assert (item.on_hand, item.in_transit) == (6, 0)
    shown = text(client.get(page("purchaseorder_change", order.pk)))
    assert "DN-1" in shown


def test_I_25_a_suspended_supplier_is_refused_on_the_screen(client, boss, supplier, house):
    sku = make_sku()
    make_goods(supplier, sku)
    order = draft_purchase(
        supplier_id=supplier.pk, warehouse_id=house.pk, pieces={sku.pk: 5}, at=AT
    )
    Supplier.objects.update(status="suspended")

    answer = client.post(page("purchaseorder_approve", order.pk))

    assert "receives no purchase orders" in text(answer)
    order.refresh_from_db()
    assert order.status == PurchaseOrder.Status.DRAFT


@pytest.mark.parametrize("deed", ["change_goods", "approve", "send", "receive", "close", "cancel"])
def test_who_may_only_look_does_nothing(client, supplier, house, deed):
    sku = make_sku()
    make_goods(supplier, sku)
    order = sent(supplier, house, sku)
    operator(client, *VIEWS)

    assert client.post(page(f"purchaseorder_{deed}", order.pk)).status_code == 403

    order.refresh_from_db()
    assert order.status == PurchaseOrder.Status.SENT


def test_the_sheet_is_printed_without_costs_for_who_may_not_see_them(client, boss, supplier, house):
    sku = make_sku()
    make_goods(supplier, sku, cost_fen=3_333)
    order = sent(supplier, house, sku)
    address = page("purchaseorder_sheet", order.pk)

    whole = text(client.get(address))
    assert order.number in whole
    assert sku.code in whole
    assert "33.33" in whole
    client.force_login(looker(), backend="members.backends.AccountBackend")
    masked = text(client.get(address))
    assert sku.code in masked
    assert "33.33" not in masked


def looker():
    account = make_operator(username="looker", is_superuser=False)
    account.user_permissions.set(Permission.objects.filter(codename__in=VIEWS))
    return account


def test_I_38_suggestions_are_ordered_from_their_list(client, boss, house):
    sku = make_sku()
    make_goods(make_supplier(), sku)
    suggest_purchase(
        pieces={sku.pk: 450}, source_type="presale", source_id="1", title="预售", at=AT
    )
    row = PurchaseSuggestion.objects.get()
    asked = text(client.get(page("purchasesuggestion_order_one", row.pk)))
    assert "300" in asked

    client.post(
        page("purchasesuggestion_changelist"), {"action": "order", "_selected_action": [row.pk]}
    )

    order = PurchaseOrder.objects.get()
    assert order.lines.get().quantity == 450
    assert order.warehouse == house


def test_I_42_a_statement_is_drawn_confirmed_and_paid_on_the_screen(client, boss, supplier):
    statement_of(supplier).delete()
    client.post(page("supplierstatement_draw"), {"supplier": supplier.pk, "month": "2026-10"})
    statement = SupplierStatement.objects.get()
    assert statement.payable_fen == 8_800

    client.post(page("supplierstatement_confirm", statement.pk))
    client.post(page("supplierstatement_pay", statement.pk), {"bank_reference": "B-1"})

    statement.refresh_from_db()
    assert (statement.status, statement.bank_reference) == (SupplierStatement.Status.PAID, "B-1")
    assert "AS1" in text(client.get(page("supplierstatement_change", statement.pk)))


@pytest.mark.parametrize("deed", ["confirm", "pay"])
def test_money_needs_its_right(client, supplier, deed):
    statement = statement_of(supplier)
    operator(client, *VIEWS)

    answer = client.post(page(f"supplierstatement_{deed}", statement.pk), {"bank_reference": "B-1"})

    assert answer.status_code == 403
    statement.refresh_from_db()
    assert statement.status == SupplierStatement.Status.DRAFT


def test_I_42_the_exports_add_up_and_run_no_formula(client, boss, supplier):
    statement = statement_of(supplier)

    csv = client.get(page("supplierstatement_as_csv", statement.pk)).content.decode("utf-8-sig")
    rows = [line.split(",") for line in csv.splitlines()]
    assert rows[0] == ["day", "kind", "reference", "owed (yuan)", "deducted (yuan)"]
    assert rows[1] == ["2026-10-20", "goods received", "'=PO1/DN1", "100.00", ""]
    assert rows[2][2:] == ["AS1", "", "12.00"]
    assert rows[-2][1:] == ["sum", "", "100.00", "12.00"]
    assert rows[-1][1:] == ["payable", statement.number, "88.00", ""]

    book = client.get(page("supplierstatement_as_xlsx", statement.pk))
    sheet = load_workbook(BytesIO(book.content)).active
    assert [cell.value for cell in sheet[2]][2] == "'=PO1/DN1"
    assert sheet.max_row == len(rows)


def test_I_26_a_pass_rate_of_98_9_is_red_on_the_list(client, boss, supplier):
    SupplierScorecard.objects.create(
        supplier=supplier,
        month=date(2026, 10, 1),
        inspected=1000,
        quality_bp=9890,
        fulfilment_bp=9500,
        score=100,
        grade="A",
        computed_at=AT,
    )

    shown = text(client.get(page("supplierscorecard_changelist")))

    assert "98.90%" in shown
    red = shown.index("98.90%")
    assert "red" in shown[red - 400 : red]
    green = shown.index("95.00%")
    assert "green" in shown[green - 400 : green]


@pytest.mark.parametrize(
    "model",
    [
        "supplier",
        "suppliersku",
        "supplieragreement",
        "supplierdocument",
        "supplierkey",
        "purchaseorder",
        "supplierscorecard",
        "supplierfact",
        "supplieralert",
        "suppliersync",
        "supplierstatement",
        "suppliercharge",
        "supplierpolicy",
    ],
)
def test_every_list_opens(client, boss, supplier, model):
    assert client.get(page(f"{model}_changelist")).status_code == 200


def test_the_rules_are_saved_with_a_trail(client, boss):
    address = page("supplierpolicy_change", 1)
    form = client.get(address).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}

    client.post(address, {**values, "grade_a_from": "70"})
    assert not AuditEntry.objects.filter(verb="inventory.save_supplierpolicy").exists()
    client.post(address, {**values, "grade_a_from": "95"})

    entry = AuditEntry.objects.get(verb="inventory.save_supplierpolicy")
    assert (entry.before, entry.after) == ({"grade_a_from": 90}, {"grade_a_from": 95})
