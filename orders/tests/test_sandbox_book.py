"""The sandbox's book stays open in each thread, and is another one where its file is another."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest

from orders.providers.base import TradeState
from orders.providers.sandbox import book
from orders.testing import NOON


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.SANDBOX_KEY_DIR = tmp_path
    return tmp_path


def open_trade(number="P1"):
    book.open_trade(number, "20261122AAAA", 5_000)


def test_the_book_is_opened_once_by_a_thread():
    open_trade("P1")

    with patch.object(sqlite3, "connect") as connect:
        open_trade("P2")
        assert book.find("P2").amount_fen == 5_000

    assert not connect.called


def test_another_folder_is_another_book(settings, tmp_path):
    open_trade()
    settings.SANDBOX_KEY_DIR = tmp_path / "other"

    assert book.find("P1") is None


def test_a_book_that_was_thrown_away_is_begun_anew(own_folder):
    open_trade()
    for file in own_folder.iterdir():
        file.unlink()

    assert book.find("P1") is None
    open_trade()
    assert book.find("P1").state == TradeState.PENDING


def test_what_fails_is_undone_and_the_book_goes_on():
    open_trade()

    with pytest.raises(sqlite3.IntegrityError):
        book.settle("P1", None, at=NOON)

    assert book.find("P1").state == TradeState.PENDING
    assert book.settle("P1", TradeState.PAID, at=NOON)


def test_threads_that_pay_at_once_pay_once():
    open_trade()

    with ThreadPoolExecutor(8) as payers:
        paid = list(payers.map(lambda _n: book.settle("P1", TradeState.PAID, at=NOON), range(24)))

    assert sorted(paid) == [False] * 23 + [True]
