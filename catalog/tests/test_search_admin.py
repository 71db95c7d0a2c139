"""The operators' screens of search: words they keep, what was searched, what is proposed."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from catalog.models import (
    SearchBan,
    SearchGap,
    SearchPolicy,
    SearchSynonym,
    SearchWord,
    SynonymProposal,
)
from catalog.selectors import CardFilters, list_cards
from catalog.shared import SHELF
from catalog.testing import AT, make_product, shelve
from catalog.tests.screens import operator
from mall.kernel.audit.models import AuditEntry
from mall.kernel.caching import CONTENT, is_older_than_change, reading_begins

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client):
    operator(client)
    client.cookies["django_language"] = "en"
    return client


def page(model, name, *args):
    return reverse(f"admin:catalog_{model}_{name}", args=args)


def found(q):
    return [row["title_zh"] for row in list_cards(CardFilters(q=q), at=AT).rows]


def make_gap(query="xyz", **values):
    return SearchGap.objects.create(query=query, times=3, first_at=AT, last_at=AT, **values)


def test_C_55_the_report_shows_what_found_nothing_and_leads_to_a_synonym_with_the_word(client):
    make_gap("暖宝宝")
    make_gap("solved", state=SearchGap.State.SOLVED)

    text = client.get(page("searchgap", "changelist")).content.decode()

    assert "暖宝宝" in text
    address = f"{page('searchsynonym', 'add')}?words=%E6%9A%96%E5%AE%9D%E5%AE%9D+"
    assert text.count("?words=") == 1
    assert address in text
    form = client.get(address).content.decode()
    assert 'value="暖宝宝 "' in form


def test_C_54_a_synonym_saved_in_admin_is_known_at_once_with_its_keys(client):
    shelve(make_product("一次性暖贴"))

    client.post(page("searchsynonym", "add"), {"words": "暖宝宝 暖贴", "is_active": "on"})

    row = SearchSynonym.objects.get()
    assert "w:暖贴" in row.keys
    assert found("暖宝宝") == found("nuanbaobao") == ["一次性暖贴"]
    assert AuditEntry.objects.filter(verb="catalog.save_synonyms").count() == 1


def test_a_proposal_is_accepted_or_dismissed_once(client):
    shelve(make_product("云南土豆"))
    first = SynonymProposal.objects.create(query="洋芋", other="土豆", last_at=AT)
    second = SynonymProposal.objects.create(query="西瓜", other="土豆", last_at=AT)

    client.get(page("synonymproposal", "accept", first.pk))
    client.get(page("synonymproposal", "dismiss", second.pk))
    again = client.get(page("synonymproposal", "dismiss", first.pk))

    assert found("洋芋") == ["云南土豆"]
    states = dict(SynonymProposal.objects.values_list("query", "state"))
    assert states == {"洋芋": "accepted", "西瓜": "dismissed"}
    assert "already" in str(list(get_messages(again.wsgi_request))[-1])


def test_a_gap_can_be_ignored(client):
    gap = make_gap()

    client.get(page("searchgap", "ignore", gap.pk))

    gap.refresh_from_db()
    assert gap.state == SearchGap.State.IGNORED


def test_an_own_word_is_understood_misspelt_and_takes_over_a_known_one(client):
    SearchWord.objects.create(word="凉感被", keys=[])

    client.post(page("searchword", "add"), {"word": "凉感被"})

    row = SearchWord.objects.get()
    assert row.is_own is True
    assert "s:lianggangbei" not in row.keys
    assert "s:lianganbei" in row.keys or "s:liangganbei" in row.keys


@pytest.mark.parametrize("word", ["两个 词", "  "])
def test_a_word_is_one_word(client, word):
    for model in ("searchword", "searchban"):
        answer = client.post(page(model, "add"), {"word": word})
        assert answer.status_code == 200
    assert not SearchWord.objects.exists()
    assert not SearchBan.objects.exists()


def test_C_53_a_ban_is_folded_and_leaves_a_trail(client):
    client.post(page("searchban", "add"), {"word": "Ｂadword"})

    assert SearchBan.objects.get().word == "badword"
    assert AuditEntry.objects.filter(verb="catalog.ban_word").exists()


def test_who_only_sees_products_decides_nothing():
    gap = make_gap()
    nobody = Client()
    operator(nobody, "view_product")

    assert nobody.get(page("searchgap", "changelist")).status_code == 403
    assert nobody.get(page("searchgap", "ignore", gap.pk)).status_code in (302, 403)
    gap.refresh_from_db()
    assert gap.state == SearchGap.State.OPEN


def test_the_policy_is_one_row_that_is_made_when_it_is_saved(client):
    values = {"retention_days": 30, "hot_days": 3, "hot_searches": 9, "hot_sessions": 2}

    client.post(page("searchpolicy", "add"), values)

    assert SearchPolicy.objects.values(*values).get() == values


@pytest.mark.parametrize(
    ("name", "model", "column", "values", "verb"),
    [
        ("searchsynonym", SearchSynonym, "words", {"keys": []}, "remove_words"),
        ("searchword", SearchWord, "word", {"keys": [], "is_own": True}, "remove_words"),
        ("searchban", SearchBan, "word", {}, "lift_ban"),
    ],
)
def test_many_words_go_as_one_does_with_a_trail_and_known_at_once(
    client, django_capture_on_commit_callbacks, name, model, column, values, verb
):
    rows = [model.objects.create(**values, **{column: text}) for text in ("甲", "乙")]
    began_at = reading_begins()
    posted = {"action": "delete_selected", "post": "yes", "_selected_action": [r.pk for r in rows]}

    with django_capture_on_commit_callbacks(execute=True):
        client.post(page(name, "changelist"), posted)

    assert not model.objects.exists()
    assert AuditEntry.objects.filter(verb=f"catalog.{verb}").count() == 2
    assert is_older_than_change(began_at, [SHELF, CONTENT])
