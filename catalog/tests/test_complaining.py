"""Infringement complaints take goods off sale, and only a closed case lets them back (C-63)."""

import io

import pytest
from django.db import DatabaseError, transaction

from catalog.errors import (
    ComplaintMoveRefused,
    ComplaintPapersMissing,
    DocumentRefused,
    ProductUnderComplaint,
)
from catalog.models import Complaint, ComplaintEntry, ComplaintPaper, Product
from catalog.services import (
    Claim,
    accept_complaint,
    close_complaint,
    counter_complaint,
    file_complaint,
    publish_product,
)
from catalog.services.complaining import MOST_A_DAY
from catalog.testing import AT, make_operator, make_product
from mall.kernel.errors import NotFound, TooMany
from mall.kernel.notify.models import Message

pytestmark = pytest.mark.django_db
Outcome = Complaint.Outcome
PDF = b"%PDF-1.7 proof"
CLAIM = Claim(
    right="trademark",
    right_number="TM-2024-77",
    holder="山茶商标有限公司",
    contact="李律师",
    phone="13900001234",
    email="law@example.com",
    text="包装上的图样与我方商标相同。",
)


def papers(**more):
    return {"rights": [io.BytesIO(PDF)], "evidence": [io.BytesIO(b"\x89PNG\r\n\x1a\n..")], **more}


def filed(product=None, **values):
    product = product or make_product()
    return file_complaint(product_id=product.pk, claim=CLAIM, files=papers(), at=AT, **values)


@pytest.fixture
def judge():
    """Somebody who decides cases."""
    return make_operator(is_superuser=True)


def status(case):
    return Product.objects.get(pk=case.product_id).status


def test_C_63_accepting_takes_the_product_off_sale_tells_operators_and_logs_both(judge):
    case = filed()
    assert (status(case), case.state) == ("on_sale", "received")

    case = accept_complaint(complaint=case, note="图样一致", at=AT, actor=judge)

    assert (status(case), case.state) == ("off_sale", "taken_down")
    log = ComplaintEntry.objects.filter(complaint=case).values_list("state", "note", "actor_id")
    assert list(log) == [
        ("received", CLAIM.text, None),
        ("taken_down", "图样一致", judge.pk),
    ]
    told = Message.objects.filter(account=judge).order_by("pk").values_list("template", flat=True)
    assert list(told) == ["catalog.complaint_received", "catalog.complaint_taken_down"]


def test_C_63_an_open_case_keeps_the_product_off_sale_and_a_closed_one_lets_it_back(judge):
    case = accept_complaint(complaint=filed(), note="", at=AT, actor=judge)
    with pytest.raises(ProductUnderComplaint) as refusal:
        publish_product(product=case.product, at=AT)
    assert refusal.value.facts["number"] == case.number

    case = counter_complaint(
        complaint=case, note="有授权", files=[io.BytesIO(PDF)], at=AT, actor=judge
    )
    with pytest.raises(ProductUnderComplaint):
        publish_product(product=case.product, at=AT)
    case = close_complaint(
        complaint=case, outcome=Outcome.RESTORED, note="授权有效", at=AT, actor=judge
    )

    assert publish_product(product=case.product, at=AT).status == "on_sale"
    assert (case.state, case.outcome, case.closed_at) == ("closed", "restored", AT)
    kinds = ComplaintPaper.objects.filter(complaint=case).values_list("kind", flat=True)
    assert sorted(kinds) == ["counter", "evidence", "rights"]


@pytest.mark.parametrize("outcome", ["upheld", "restored", "", "nonsense"])
def test_C_63_a_case_that_was_not_accepted_ends_rejected_or_withdrawn_only(judge, outcome):
    case = filed()

    with pytest.raises(ComplaintMoveRefused):
        close_complaint(complaint=case, outcome=outcome, note="", at=AT, actor=judge)

    case.refresh_from_db()
    assert (case.state, status(case)) == ("received", "on_sale")


def test_C_63_nothing_moves_twice_or_backwards(judge):
    case = filed()
    with pytest.raises(ComplaintMoveRefused):
        counter_complaint(complaint=case, note="", at=AT, actor=judge)
    close_complaint(complaint=case, outcome=Outcome.REJECTED, note="无据", at=AT, actor=judge)

    with pytest.raises(ComplaintMoveRefused):
        accept_complaint(complaint=case, note="", at=AT, actor=judge)

    assert status(case) == "on_sale"


def test_C_63_the_log_is_append_only(judge):
    entry = ComplaintEntry.objects.get(complaint=filed())

    with pytest.raises(DatabaseError), transaction.atomic():
        ComplaintEntry.objects.filter(pk=entry.pk).update(note="changed")
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.delete()

    entry.refresh_from_db()
    assert entry.note == CLAIM.text


@pytest.mark.parametrize("files", [{}, {"evidence": []}, {"rights": []}])
def test_C_63_proof_and_evidence_are_both_asked_for(files):
    product = make_product()

    with pytest.raises(ComplaintPapersMissing):
        file_complaint(
            product_id=product.pk, claim=CLAIM, files={**papers(**files)} if files else {}, at=AT
        )

    assert not Complaint.objects.exists()


def test_C_63_a_script_is_no_paper_and_an_unseen_product_no_target():
    script = {"evidence": [io.BytesIO(b"<script>alert(1)</script>")]}
    product, hidden = make_product(), make_product(on_sale=False)

    with pytest.raises(DocumentRefused):
        file_complaint(product_id=product.pk, claim=CLAIM, files=papers(**script), at=AT)
    with pytest.raises(NotFound):
        file_complaint(product_id=hidden.pk, claim=CLAIM, files=papers(), at=AT)

    assert not Complaint.objects.exists()


def test_C_63_one_person_files_so_many_a_day():
    product = make_product()
    for _n in range(MOST_A_DAY["person"]):
        filed(product)

    with pytest.raises(TooMany):
        filed(product)

    assert Complaint.objects.count() == MOST_A_DAY["person"]
