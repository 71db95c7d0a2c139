"""What is searched is noted and becomes hot words, suggestions, a report, proposals."""

from datetime import timedelta

import pytest
from django.conf import settings

from catalog.errors import ProposalDecided
from catalog.models import (
    SearchBan,
    SearchClick,
    SearchGap,
    SearchLog,
    SearchPhrase,
    SearchPolicy,
    SearchSynonym,
    SynonymProposal,
)
from catalog.search import query_key
from catalog.selectors import CardFilters, hot_phrases, list_cards, suggestions
from catalog.services import (
    Click,
    Search,
    accept_synonym,
    ban_word,
    dismiss_synonym,
    forget_old_searches,
    keep_phrases,
    note_click,
    note_search,
    propose_synonyms,
    session_mark,
    write_noted,
)
from catalog.services.noting import BUFFER, _client
from catalog.testing import AT, make_brand, make_category, make_operator, make_product, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def buffer():
    client = _client(settings.CACHE_URL)
    client.delete(BUFFER)
    yield client
    client.delete(BUFFER)


def searched(query, *, found=3, session="a", minutes=0, corrected="", language="zh-hans"):
    search = Search(query, found, language, session, words=[query], corrected=corrected)
    assert note_search(search, at=AT + timedelta(minutes=minutes))


def opened(query, product, *, session="a", minutes=0, position=1):
    click = Click(query_key(query), product.pk, position, session)
    assert note_click(click, at=AT + timedelta(minutes=minutes))


def hot():
    return [phrase.text for phrase in hot_phrases("zh-hans")]


def tallied(at):
    """What was noted as rows, and hot words after them, as the two timers do it."""
    count = write_noted()
    keep_phrases(at, since=at - timedelta(hours=2))
    return count


def later(minutes=5):
    return AT + timedelta(minutes=minutes)


def test_C_53_after_five_searches_a_word_is_hot_and_a_banned_one_never_is():
    for visitor in "abcd":
        searched("防晒", session=visitor)
        searched("坏词", session=visitor)
    tallied(later())
    assert hot() == []

    searched("防晒", session="e")
    searched("坏词", session="e")
    tallied(later())
    assert hot() == ["坏词", "防晒"]

    ban_word("坏词")
    assert hot() == ["防晒"]

    searched("坏词", session="f")
    tallied(later())
    assert hot() == ["防晒"]


def test_C_53_between_two_counts_of_the_whole_log_only_what_was_searched_lately_is_counted():
    for visitor in "abcde":
        searched("防晒", session=visitor)
        searched("雨伞", session=visitor, minutes=180)
    write_noted()
    at = later(240)

    keep_phrases(at, since=at - timedelta(hours=2))
    assert hot() == ["雨伞"]

    keep_phrases(at)
    assert set(hot()) == {"雨伞", "防晒"}
    keep_phrases(AT + timedelta(days=7, minutes=60), since=AT + timedelta(days=7))
    assert hot() == ["雨伞"]


def test_hot_words_are_those_of_the_last_days_by_visitors_with_something_found():
    for visitor in "abcdef":
        searched("口红", session=visitor)
        searched("没有", found=0, session=visitor)
        searched("kouhong", corrected="口红", session=visitor)
    for _n in range(9):
        searched("面膜", session="a")
    searched("lipstick", language="en")
    tallied(later())

    assert hot() == ["口红", "面膜"]

    SearchPolicy.objects.create(pk=1, hot_sessions=2)
    tallied(later())
    assert hot() == ["口红"]

    tallied(AT + timedelta(days=8))
    assert hot() == []


def test_the_log_folds_the_query_and_names_nobody():
    searched("  Ｔ恤 ", session=session_mark("127.0.0.1|Firefox", AT))
    tallied(later())

    row = SearchLog.objects.get()
    assert (row.query, row.found, row.words) == ("t恤", 3, ["  Ｔ恤 "])
    assert row.key == query_key("T恤")
    assert len(row.session) == 16
    assert "127" not in session_mark("127.0.0.1|Firefox", AT)
    assert session_mark("x", AT) != session_mark("x", AT + timedelta(days=1))


def test_noting_costs_no_statement_and_without_redis_it_is_let_go(
    settings, django_assert_num_queries
):
    with django_assert_num_queries(0):
        searched("茶")
    settings.CACHE_URL = "redis://127.0.0.1:1/0"

    assert note_search(Search("茶", 1, "zh-hans", "a"), at=AT) is False

    from catalog.services.noting import REST

    REST.end()


@pytest.mark.parametrize("count", [2, 50])
def test_writing_costs_the_same_for_few_and_many(count, django_assert_max_num_queries):
    for n in range(count):
        searched(f"词{n}", found=0, session=str(n))

    with django_assert_max_num_queries(22):
        assert tallied(later()) == count

    assert SearchLog.objects.count() == count


def test_C_55_a_query_without_result_is_one_row_that_counts_and_is_solved_when_it_finds():
    for minute in range(3):
        searched("xyz", found=0, minutes=minute)
    tallied(later())
    searched("xyz", found=0, minutes=7)
    tallied(later())

    row = SearchGap.objects.get()
    assert (row.query, row.times, row.state) == ("xyz", 4, SearchGap.State.OPEN)
    assert (row.first_at, row.last_at) == (later(2), later(7))

    searched("xyz", found=2, minutes=9)
    tallied(later())
    row.refresh_from_db()
    assert row.state == SearchGap.State.SOLVED


def test_a_click_says_what_was_opened_and_where_it_stood():
    product = make_product()
    opened("茶", product, position=3)
    note_click(Click(query_key("茶"), 10**9, 1, "a"), at=AT)
    tallied(later())

    click = SearchClick.objects.get()
    assert (click.product, click.position, click.key) == (product, 3, query_key("茶"))


def missed_then_opened(query="洋芋", other="土豆"):
    product = make_product("云南土豆")
    shelve(product)
    for visitor in "ab":
        searched(query, found=0, session=visitor)
        searched(other, found=1, session=visitor, minutes=1)
        opened(other, product, session=visitor, minutes=2)
    searched(query, found=0, session="c")
    searched("苹果", found=1, session="c", minutes=1)
    tallied(later())
    assert propose_synonyms(later()) == 1
    return SynonymProposal.objects.get()


def found(q):
    return [row["title_zh"] for row in list_cards(CardFilters(q=q), at=AT).rows]


def test_C_54_the_log_proposes_what_an_operator_accepts_and_search_knows_at_once():
    proposal = missed_then_opened()
    assert (proposal.query, proposal.other, proposal.sessions) == ("洋芋", "土豆", 2)
    assert found("洋芋") == []

    accept_synonym(proposal_id=proposal.pk, at=AT, actor=make_operator())

    assert found("洋芋") == ["云南土豆"]
    assert SearchSynonym.objects.get().words == "土豆 洋芋"
    with pytest.raises(ProposalDecided):
        dismiss_synonym(proposal_id=proposal.pk, at=AT, actor=None)


def test_a_dismissed_proposal_stays_dismissed_and_an_accepted_one_joins_its_group():
    SearchSynonym.objects.create(words="土豆 马铃薯")
    proposal = missed_then_opened()
    dismiss_synonym(proposal_id=proposal.pk, at=AT, actor=None)
    propose_synonyms(later())
    proposal.refresh_from_db()
    assert proposal.state == SynonymProposal.State.DISMISSED

    other = SynonymProposal.objects.create(query="地蛋", other="马铃薯", last_at=AT)
    accept_synonym(proposal_id=other.pk, at=AT, actor=None)

    assert [row.words for row in SearchSynonym.objects.all()] == ["土豆 马铃薯 地蛋"]


def test_suggestions_know_the_beginning_the_sound_and_the_initials(django_assert_num_queries):
    make_category(title_zh="防晒用品", title_en="Sun care")
    make_brand(title_zh="防线", title_en="Line")
    shelve(make_product("清爽防晒霜"))
    for visitor in "abcde":
        searched("防晒霜", session=visitor)
    tallied(later())

    for typed in ("防", "fangs", "fss"):
        with django_assert_num_queries(2):
            rows = suggestions(typed, at=AT, language="zh-hans")
        assert ("query", "防晒霜") in {(row["kind"], row["title_zh"]) for row in rows}, typed
    kinds = [row["kind"] for row in suggestions("防", at=AT)]
    assert kinds == ["query", "category", "brand", "product"]
    assert [row["kind"] for row in suggestions("fss", at=AT, language="en")] == []


def test_a_ban_also_takes_the_word_out_of_suggestions():
    for visitor in "abcde":
        searched("防晒霜", session=visitor)
    tallied(later())

    ban_word("防晒")

    assert suggestions("防", at=AT) == []
    assert SearchBan.objects.get().word == "防晒"


def test_phrases_follow_what_they_name():
    brand = make_brand(title_zh="云山")
    tallied(later())
    brand.title_zh = "月海"
    brand.save()
    tallied(later())

    texts = set(SearchPhrase.objects.filter(kind="brand").values_list("text", flat=True))
    assert texts == {"月海"}


def test_old_searches_are_forgotten():
    searched("茶")
    opened("茶", make_product())
    tallied(later())

    assert forget_old_searches(AT + timedelta(days=89)) == 0
    assert forget_old_searches(AT + timedelta(days=91)) == 2
    assert not SearchLog.objects.exists()


def test_ATK_43_a_query_that_grows_when_it_is_folded_costs_nobody_elses_entry():
    searched("防晒")
    note_search(
        Search("\u2026" * 100, 0, "zh-hans", "b", words=("." * 300,), corrected="." * 300), at=AT
    )

    tallied(AT)

    assert sorted(len(row.words[0]) for row in SearchLog.objects.all() if row.words)[-1] == 100
    assert SearchLog.objects.filter(query="防晒").count() == 1
