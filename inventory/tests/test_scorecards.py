"""Facts of suppliers, their monthly cards, grades and warnings. Source: I-26, I-27, I-28."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from catalog.testing import make_operator
from inventory.models import SupplierAlert, SupplierFact, SupplierScorecard
from inventory.selectors.sourcing import payment_term_days, supplier_policy
from inventory.services import (
    grade_suppliers,
    record_answer,
    record_shipping,
    record_supplier_fact,
)
from inventory.testing import make_supplier
from mall.kernel.notify.models import Message

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
IN_OCTOBER = datetime(2026, 10, 20, 4, tzinfo=UTC)
AT = datetime(2026, 11, 2, 4, tzinfo=UTC)
Kind = SupplierFact.Kind


def fact(supplier, kind, good, total, at=IN_OCTOBER, reference="1"):
    return record_supplier_fact(
        kind=kind, supplier_id=supplier.pk, reference=reference, good=good, total=total, at=at
    )


def test_I_26_the_card_of_a_month_comes_from_its_facts():
    supplier = make_supplier()
    fact(supplier, Kind.SHIPPED, 95, 100)
    fact(supplier, Kind.INSPECTED, 989, 1000)
    fact(supplier, Kind.ANSWERED, 9, 10)
    fact(
        supplier,
        Kind.INSPECTED,
        0,
        500,
        at=datetime(2026, 9, 30, 15, 59, tzinfo=UTC),
        reference="2",
    )

    grade_suppliers(AT)

    card = SupplierScorecard.objects.get(supplier=supplier, month=OCTOBER)
    assert (card.fulfilment_bp, card.quality_bp, card.response_bp) == (9500, 9890, 9000)
    assert (card.shipped, card.inspected, card.answered) == (100, 1000, 10)
    assert (card.score, card.grade) == (100, "A")  # half a point under the target of quality


def test_the_card_is_written_again_not_twice():
    supplier = make_supplier()
    fact(supplier, Kind.INSPECTED, 89, 100)

    grade_suppliers(AT)
    first = SupplierScorecard.objects.get()
    fact(supplier, Kind.INSPECTED, 100, 100, reference="2")
    grade_suppliers(AT + timedelta(hours=1))

    card = SupplierScorecard.objects.get()
    assert (first.score, card.score) == (50, 78)
    assert card.pk == first.pk


@pytest.mark.parametrize(
    ("good", "grade", "days"), [(990, "A", 15), (950, "B", 30), (890, "C", 60)]
)
def test_I_27_the_grade_of_the_last_month_sets_the_payment_term(good, grade, days):
    supplier = make_supplier()
    fact(supplier, Kind.INSPECTED, good, 1000)

    grade_suppliers(AT)

    supplier.refresh_from_db()
    assert (supplier.grade, supplier.graded_on) == (grade, OCTOBER)
    assert payment_term_days(supplier, supplier_policy()) == days
    supplier.payment_term_days = 7
    assert payment_term_days(supplier, supplier_policy()) == 7


def test_I_28_94_percent_in_48_hours_warns_once_and_95_ends_it():
    supplier = make_supplier()
    operator = make_operator(is_superuser=True)
    fact(supplier, Kind.SHIPPED, 94, 100, at=AT)

    grade_suppliers(AT)
    grade_suppliers(AT + timedelta(hours=1))

    alert = SupplierAlert.objects.get()
    assert (alert.kind, alert.figure, alert.limit) == ("fulfilment", 9400, 9500)
    assert alert.resolved_at is None
    told = Message.objects.filter(account=operator, template="inventory.supplier_alert")
    assert told.count() == 1

    fact(supplier, Kind.SHIPPED, 20, 20, at=AT, reference="2")
    grade_suppliers(AT + timedelta(hours=2))
    alert.refresh_from_db()
    assert alert.resolved_at == AT + timedelta(hours=2)


@pytest.mark.parametrize(
    ("hours", "seconds", "good"), [(47, 0, 1), (48, 0, 1), (48, 1, 0), (50, 0, 0)]
)
def test_I_28_a_parcel_is_in_time_within_48_hours(hours, seconds, good):
    supplier = make_supplier()
    shipped_at = IN_OCTOBER + timedelta(hours=hours, seconds=seconds)

    record_shipping(
        supplier_id=supplier.pk,
        reference="SO-1",
        ordered_at=IN_OCTOBER,
        shipped_at=shipped_at,
        at=shipped_at,
    )

    assert SupplierFact.objects.get().good == good


def test_a_parcel_noted_as_late_stays_late():
    supplier = make_supplier()
    note = {"supplier_id": supplier.pk, "reference": "SO-1", "ordered_at": IN_OCTOBER}

    assert record_shipping(**note, shipped_at=None, at=IN_OCTOBER + timedelta(hours=49))
    late = IN_OCTOBER + timedelta(hours=60)
    assert not record_shipping(**note, shipped_at=late, at=late)

    assert SupplierFact.objects.get().good == 0


@pytest.mark.parametrize(("minutes", "good"), [(120, 1), (121, 0)])
def test_I_26_an_answer_is_in_time_within_two_hours(minutes, good):
    supplier = make_supplier()
    answered_at = IN_OCTOBER + timedelta(minutes=minutes)

    record_answer(
        supplier_id=supplier.pk,
        reference="AS-1",
        asked_at=IN_OCTOBER,
        answered_at=answered_at,
        at=answered_at,
    )

    assert SupplierFact.objects.get().good == good


def test_a_fact_is_noted_once_and_never_changed():
    supplier = make_supplier()

    assert fact(supplier, Kind.SHIPPED, 1, 1)
    assert not fact(supplier, Kind.SHIPPED, 0, 1)

    assert SupplierFact.objects.get().good == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        SupplierFact.objects.update(good=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplierFact.objects.create(
            supplier=supplier, kind=Kind.SHIPPED, reference="x", good=2, total=1, at=AT
        )
    with pytest.raises(ValueError, match="no fact"):
        fact(supplier, Kind.SHIPPED, 2, 1, reference="3")


def test_grading_asks_the_same_number_of_questions_for_2_and_20(django_assert_max_num_queries):
    def grade(number):
        for index in range(number):
            supplier = make_supplier()
            fact(supplier, Kind.INSPECTED, 100, 100, reference=f"{number}-{index}")
        with django_assert_max_num_queries(12) as asked:
            grade_suppliers(AT)
        return len(asked)

    assert grade(2) == grade(20)
