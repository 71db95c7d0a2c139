"""How payments go, as operators see it (O-37, O-38)."""

import pytest
from django.urls import reverse

from mall.console.testing import client_of
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from members.testing import make_operator
from orders.services import Refusal, pay_at_cashier
from orders.testing import make_order, open_sandbox_payment

pytestmark = pytest.mark.django_db
REPORT = "admin:payment_report"


@pytest.fixture
def boss():
    return client_of(make_operator())


def refuse(refusal=Refusal.LIMIT):
    at = clock.now()
    payment = open_sandbox_payment(make_order(at=at), at=at)
    pay_at_cashier(payment_no=payment.payment_no, succeed=False, refusal=refusal, at=at)


def shown(client, **query):
    answer = client.get(reverse(REPORT), {"span": "today", **query})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_O_38_three_of_four_paid_show_75_percent_and_O_37_the_limit(boss):
    for _n in range(3):
        make_order(paid=True, at=clock.now())
    refuse()

    html = shown(boss)

    row = html.partition('data-channel="sandbox"')[2].partition("</tr>")[0]
    assert '<td class="num">4</td><td class="num">3</td><td class="num">75%</td>' in row
    assert html.count('data-reason="limit"') == 1


def test_a_span_without_payments_says_so(boss):
    html = shown(boss, first="2020-01-01", last="2020-01-02")

    assert 'data-channel="' not in html
    assert 'data-reason="' not in html


def test_the_report_costs_the_same_for_one_and_for_many(boss):
    refuse()
    shown(boss)
    with count_queries() as few:
        shown(boss)
    for refusal in Refusal:
        refuse(refusal)

    with count_queries() as many:
        shown(boss)

    assert len(many) == len(few)


def test_the_report_is_for_those_who_see_failures():
    assert client_of(make_operator(is_superuser=False)).get(reverse(REPORT)).status_code == 403
