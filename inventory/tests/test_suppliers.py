"""Files of suppliers: admitted, suspended, ended; documents and trails. Source: I-25, I-34."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction

from catalog.testing import make_category, make_operator
from inventory.errors import SupplierDocumentRefused, SupplierMoveRefused, SupplierNotReady
from inventory.models import Supplier, SupplierDocument, SupplierPolicy, Warehouse
from inventory.selectors import agreement_of, supplier_policy, terms_of
from inventory.services import (
    file_of,
    move_supplier,
    save_supplier,
    save_supplier_document,
    save_supplier_policy,
    warn_of_supplier_documents,
)
from inventory.testing import make_agreement, make_supplier, make_warehouse
from mall.kernel.audit.models import AuditEntry
from mall.kernel.notify.models import Message

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
TODAY = date(2026, 11, 22)
Status = Supplier.Status


def move(supplier, to, reason="因为", actor=None):
    move_supplier(supplier_id=supplier.pk, to=to, reason=reason, at=AT, actor=actor)
    supplier.refresh_from_db()


def test_I_25_the_file_holds_contacts_categories_terms_and_settlement():
    supplier = make_supplier(payee_account="6222", payee_bank="招商银行")
    supplier.contacts.create(name="王经理", phone="13900000000", is_first=True)
    category = make_category()
    supplier.categories.add(category)

    kept = Supplier.objects.get(pk=supplier.pk)

    assert (kept.moq, kept.lead_days, kept.ships_within_hours) == (300, 7, 48)
    assert kept.contacts.get().name == "王经理"
    assert kept.categories.get() == category
    with pytest.raises(IntegrityError), transaction.atomic():
        supplier.contacts.create(name="李经理", is_first=True)


@pytest.mark.parametrize(
    ("start", "to"),
    [
        (Status.PENDING, Status.ACTIVE),
        (Status.PENDING, Status.ENDED),
        (Status.ACTIVE, Status.SUSPENDED),
        (Status.ACTIVE, Status.ENDED),
        (Status.SUSPENDED, Status.ACTIVE),
        (Status.SUSPENDED, Status.ENDED),
    ],
)
def test_I_25_a_supplier_moves_along_its_table_with_a_trail(start, to):
    operator, supplier = make_operator(is_superuser=True), make_supplier(status=start)

    move(supplier, to, "季度评审", operator)

    assert supplier.status == to
    entry = AuditEntry.objects.get(verb="inventory.move_supplier")
    assert (entry.actor_id, entry.reason) == (operator.pk, "季度评审")
    assert (entry.before, entry.after) == ({"status": start}, {"status": to})


@pytest.mark.parametrize(
    ("start", "to"),
    [
        (Status.PENDING, Status.SUSPENDED),
        (Status.ACTIVE, Status.PENDING),
        (Status.ENDED, Status.ACTIVE),
        (Status.ENDED, Status.SUSPENDED),
        (Status.ACTIVE, Status.ACTIVE),
    ],
)
def test_every_other_move_is_refused(start, to):
    supplier = make_supplier(status=start)

    with pytest.raises(SupplierMoveRefused):
        move(supplier, to)

    supplier.refresh_from_db()
    assert supplier.status == start
    assert not AuditEntry.objects.filter(verb="inventory.move_supplier").exists()


def test_without_an_agreement_or_with_a_document_run_out_it_is_not_admitted():
    supplier = make_supplier(status=Status.PENDING)
    supplier.agreements.update(ends_on=TODAY - timedelta(days=1))

    with pytest.raises(SupplierNotReady):
        move(supplier, Status.ACTIVE)
    make_agreement(supplier, starts_on=TODAY)
    document = supplier.documents.create(title="营业执照", number="1", expires_on=TODAY)
    move(supplier, Status.ACTIVE)
    move(supplier, Status.SUSPENDED)
    SupplierDocument.objects.filter(pk=document.pk).update(expires_on=TODAY - timedelta(days=1))
    with pytest.raises(SupplierNotReady):
        move(supplier, Status.ACTIVE)

    supplier.refresh_from_db()
    assert supplier.status == Status.SUSPENDED


def test_its_warehouse_ships_only_while_it_works_with_us():
    supplier = make_supplier(house=True)

    move(supplier, Status.SUSPENDED)
    assert not Warehouse.objects.get(supplier=supplier).is_active
    move(supplier, Status.ACTIVE)
    assert Warehouse.objects.get(supplier=supplier).is_active


def test_a_warehouse_of_the_suppliers_kind_names_its_supplier_and_no_other_does():
    house, supplier = make_warehouse(), make_supplier(house=True)

    for change in ({"kind": "supplier"}, {"supplier": supplier}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Warehouse.objects.filter(pk=house.pk).update(**change)


def test_bank_data_leave_no_trace_in_the_trail():
    supplier = make_supplier()
    supplier.payee_account, supplier.moq = "6222000011112222", 100

    save_supplier(supplier=supplier, changed=["payee_account", "moq"], at=AT)

    entry = AuditEntry.objects.get(verb="inventory.save_supplier")
    assert entry.before == {"moq": 300}
    assert entry.after == {"moq": 100, "payee_account": "***"}


def test_I_34_of_several_agreements_in_force_the_latest_rules():
    supplier = make_supplier(ships_within_hours=72)
    late = make_agreement(supplier, starts_on=date(2026, 6, 1), ships_within_hours=24)
    make_agreement(supplier, starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 31))
    make_agreement(supplier, starts_on=date(2026, 8, 1), is_active=False)

    assert agreement_of(supplier.pk, TODAY) == late
    assert terms_of(supplier, TODAY).ships_within_hours == 24
    supplier.agreements.update(is_active=False)
    terms = terms_of(supplier, TODAY)
    assert (terms.ships_within_hours, terms.return_freight_bp) == (72, 10_000)


def test_documents_are_warned_of_before_they_run_out_and_when_they_have():
    operator, supplier = make_operator(is_superuser=True), make_supplier()
    document = SupplierDocument(
        supplier=supplier, title="检测报告", number="T1", expires_on=TODAY + timedelta(days=30)
    )
    save_supplier_document(document=document, changed=["title"], at=AT)
    told = Message.objects.filter(account=operator)

    assert warn_of_supplier_documents(AT - timedelta(days=1)) == 0
    assert warn_of_supplier_documents(AT) == 1
    assert warn_of_supplier_documents(AT) == 0
    assert warn_of_supplier_documents(AT + timedelta(days=31)) == 1
    assert warn_of_supplier_documents(AT + timedelta(days=32)) == 0

    assert list(told.order_by("pk").values_list("template", flat=True)) == [
        "inventory.supplier_document_soon",
        "inventory.supplier_document_over",
    ]


def test_only_papers_are_taken_under_a_name_of_ours():
    assert file_of(BytesIO(b"%PDF-1.7 x")).name.endswith(".pdf")
    for content in (b"<html>", b"", b"%PDF-" + b"x" * 5_242_880):
        with pytest.raises(SupplierDocumentRefused):
            file_of(BytesIO(content))


def test_the_rules_are_one_row_with_bands_in_order():
    policy = supplier_policy()
    policy.grade_a_from, policy.grade_b_from = 95, 80
    save_supplier_policy(policy=policy, changed=["grade_a_from"], at=AT)

    assert SupplierPolicy.objects.get().grade_a_from == 95
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplierPolicy.objects.update(grade_b_from=95)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplierPolicy.objects.create(pk=2)
