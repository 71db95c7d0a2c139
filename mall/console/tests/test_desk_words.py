"""The desk speaks words: rights, the book of money, filters, rates, festivals, empty lists."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.utils import translation

from catalog.testing import make_sku
from inventory.models import Warehouse
from inventory.testing import make_stock
from mall.console.ledger_words import account_in_words, kind_in_words
from mall.console.testing import client_of
from mall.kernel import clock, ledger
from mall.kernel.admin.showing import as_percent, percent
from mall.kernel.notify.models import Message
from members.testing import make_operator, make_tiers
from orders.models import Refund
from orders.testing import make_received_order
from promotions.models import YearlyEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    client = client_of(make_operator(username="boss"))
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield client


def shown(desk, path):
    answer = desk.get(f"/admin/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_rights_of_an_operator_are_said_in_words_as_those_of_a_role(desk):
    page = shown(desk, f"members/account/{make_operator().pk}/change/")

    options = re.findall(r"<option[^>]*>([^<]*· [^<]*: [^<]*)</option>", page)
    assert "Orders · order: change" in options
    assert len(options) == Permission.objects.count()


def test_the_book_of_money_names_what_was_booked_and_the_accounts(desk):
    ledger.post(
        kind="wallet_compensation",
        reference="C1",
        amounts_fen={"service": 500, "wallet:7": -500},
        at=clock.now(),
    )

    page = shown(desk, "kernel/ledgertransaction/")

    assert "wallet · compensation by the shop" in page
    assert "service compensation 5.00, wallet of member no. 7 −5.00" in page
    assert "wallet_compensation" not in page.split("result_list")[1]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("provider:wallet", "at the provider Shop balance"),
        ("escrow", "held for orders"),
        ("supplier:nb", "supplier nb"),
        ("loss:stock", "lost stock"),
        ("moon:1", "moon 1"),
    ],
)
def test_an_account_says_what_it_is_and_whose(code, words):
    with translation.override("en"):
        assert account_in_words(code) == words


def test_a_kind_without_words_stays_as_it_is():
    assert kind_in_words("wallet_moon") == "wallet_moon"
    assert kind_in_words("moon") == "moon"


def test_a_filter_of_codes_shows_their_words(desk):
    order = make_received_order()
    Refund.objects.create(
        refund_no="R1",
        order=order,
        payment=order.payments.get(),
        amount_fen=1,
        reason="after_sale",
        next_at=clock.now(),
        created_at=clock.now(),
    )

    page = shown(desk, "orders/refund/")

    assert "reason=after_sale" in page
    assert re.search(r">\s*after_sale\s*<", page) is None
    assert re.search(r">\s*after-sales\s*<", page)


def test_a_filter_of_what_is_there_or_not_asks_in_words(desk):
    page = shown(desk, "orders/shipment/")

    assert "not signed for yet" in page
    assert "Not empty" not in page


@pytest.mark.parametrize(
    ("rate_bp", "words"), [(9_500, "95%"), (125, "1.25%"), (1_250, "12.5%"), (0, "0%")]
)
def test_a_rate_is_said_in_per_cent(rate_bp, words):
    assert percent(rate_bp) == words
    assert as_percent(f"{rate_bp:,}") == words
    assert as_percent("-") == "-"


def test_lists_show_rates_in_per_cent_and_festivals_by_name(desk):
    make_tiers()
    assert re.search(r">\s*95%\s*<", shown(desk, "members/tier/"))

    YearlyEvent.objects.create(
        code="lunar-year", title_zh="年", title_en="Year", kind="festival", lunar="spring_festival"
    )
    page = shown(desk, "promotions/yearlyevent/")
    assert "spring_festival" not in page
    assert "Spring Festival" in page


def test_messages_are_listed_by_their_first_line(desk):
    Message.objects.create(
        account=make_operator(),
        template="members.ticket_answered",
        params={"title": "Pot"},
        channel="inbox",
        at=clock.now(),
    )

    assert "members.ticket_answered" not in shown(desk, "kernel/message/").split("result_list")[1]


@pytest.mark.parametrize(
    ("path", "says", "adds"),
    [
        ("catalog/searchban/", "Begin with the first one.", True),
        ("catalog/searchclick/", "Rows come here by themselves as the shop runs.", False),
        ("catalog/searchpolicy/", "The usual figures hold until you save your own.", True),
        ("catalog/searchban/?q=moon", "No row has what the search or the filters ask for.", False),
    ],
)
def test_an_empty_list_says_why_and_what_comes_next(desk, path, says, adds):
    empty = shown(desk, path).split("data-empty")[1].split("</form>")[0]

    assert says in empty
    assert ("/add/" in empty) == adds
    assert ("Reset filters" in empty) == ("?q=" in path)


@pytest.mark.parametrize("screen", ["searchban", "searchword"])
def test_the_one_field_of_a_search_word_can_be_seen(desk, screen):
    (field,) = re.findall(r'<input[^>]*name="word"[^>]*>', shown(desk, f"catalog/{screen}/add/"))

    assert "border" in field


def test_rows_are_called_by_their_english_names_where_they_have_one(desk):
    make_stock(sku=make_sku(), on_hand=1)
    Warehouse.objects.update(title_zh="东仓", title_en="East")
    assert "East" in shown(desk, "inventory/stockitem/").split("result_list")[1]

    Warehouse.objects.update(title_en="")
    assert "东仓" in shown(desk, "inventory/stockitem/").split("result_list")[1]
