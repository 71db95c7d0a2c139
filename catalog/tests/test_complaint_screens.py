"""Who complained is seen by who decides about it, and by nobody else (C-63, ATK-83)."""

import pytest

from catalog.models import ComplaintPaper
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
