"""Who complained is seen by who decides about it, and by nobody else (C-63, ATK-83)."""

import pytest

from catalog.models import ComplaintPaper
from catalog.services import accept_complaint, close_complaint
from catalog.testing import AT, make_operator
from catalog.tests.screens import operator, page
from catalog.tests.test_complaining import CLAIM, filed

pytestmark = pytest.mark.django_db
HIDDEN = [CLAIM.contact, CLAIM.phone, CLAIM.email]


def test_C_63_contacts_and_papers_are_shown_to_who_decides(client):
    case = filed()
    operator(client, "view_complaint", "decide_complaint")

    text = client.get(page("complaint_change", case.pk)).content.decode()

    assert all(words in text for words in HIDDEN)
    paper = ComplaintPaper.objects.first()
    assert page("complaint_paper", paper.pk) in text
    assert client.get(page("complaint_paper", paper.pk)).status_code == 200


def test_C_63_who_may_only_look_reads_the_case_without_them(client):
    case = filed()
    operator(client, "view_complaint")

    answer = client.get(page("complaint_change", case.pk))

    assert answer.status_code == 200
    text, paper = answer.content.decode(), ComplaintPaper.objects.first()
    assert case.holder in text
    assert not any(words in text for words in HIDDEN)
    assert page("complaint_paper", paper.pk) not in text
    assert client.get(page("complaint_paper", paper.pk)).status_code == 404


def test_C_63_a_product_leads_to_its_open_case_and_to_no_closed_one(client):
    case, judge = filed(), make_operator()
    operator(client)
    address, link = page("product_change", case.product_id), page("complaint_change", case.pk)
    accept_complaint(complaint=case, note="下架", at=AT, actor=judge)

    held = client.get(address).content.decode()
    close_complaint(complaint=case, outcome="withdrawn", note="撤回", at=AT, actor=judge)
    free = client.get(address).content.decode()

    assert (link in held, case.number in held) == (True, True)
    assert case.number not in free


def test_C_63_a_product_names_no_case_to_who_may_not_look(client):
    case = filed()
    operator(client, "view_product", "change_product")

    assert case.number not in client.get(page("product_change", case.product_id)).content.decode()
