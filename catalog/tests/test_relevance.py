"""The sums of the relevance suite, and what its files promise."""

from collections import Counter

import pytest

from catalog.relevance import Figures, Judged, Part, failures, is_good_enough, read_suite, table
from catalog.relevance.suites import CLASSES


def judged(kind, query, *codes):
    return Judged(kind, query, frozenset(codes))


SUITE = [
    judged("known_item", "茶壶", "pot"),
    judged("known_item", "茶杯", "cup"),
    judged("category_word", "茶具", "pot", "cup", "jar"),
    judged("none", "冰箱"),
]
ANSWERS = {"茶壶": ["cup", "pot"], "茶杯": [], "茶具": ["pot", "tea", "cup"], "冰箱": ["pot"]}


def rows_of(suite, answers):
    """Figures by class, whichever part the queries fall into."""
    return {judged.kind: table([judged], answers)[0].figures for judged in suite}


def test_recall_precision_and_rank_on_paper():
    rows = rows_of(SUITE[:1] + SUITE[2:], ANSWERS)

    assert rows["known_item"] == Figures(recall=1.0, precision=0.0, mrr=0.5)
    assert rows["category_word"] == Figures(recall=2 / 3, precision=2 / 3, mrr=None)
    assert rows["none"] == Figures(recall=None, precision=0.0, mrr=None)
    assert rows_of([SUITE[1]], ANSWERS)["known_item"] == Figures(0.0, 0.0, 0.0)


def test_silence_is_the_right_answer_when_there_is_none():
    assert rows_of([SUITE[3]], {"冰箱": []})["none"] == Figures(None, 1.0, None)


def test_what_is_not_perfect_is_listed():
    perfect = {"茶壶": ["pot"], "茶杯": ["cup", "pot"], "茶具": ["pot", "cup", "jar"], "冰箱": []}

    assert [row.query for row in failures(SUITE, ANSWERS)] == ["茶壶", "茶杯", "茶具", "冰箱"]
    assert failures(SUITE, perfect) == []


def test_only_the_untouched_part_decides():
    suite = read_suite("demo")
    perfect = {row.query: sorted(row.relevant) for row in suite}
    tuned = {row.query for row in suite if row.part == Part.TUNED}

    assert is_good_enough(table(suite, perfect))
    assert is_good_enough(table(suite, {**perfect, **dict.fromkeys(tuned, [])}))
    assert not is_good_enough(
        table(suite, {q: codes * (q in tuned) for q, codes in perfect.items()})
    )


@pytest.mark.parametrize(("name", "least"), [("demo", 150), ("litemall", 40)])
def test_the_files_hold_each_query_once_in_a_known_class(name, least):
    suite = read_suite(name)

    assert len(suite) >= least
    assert max(Counter(row.query for row in suite).values()) == 1
    assert {row.kind for row in suite} <= set(CLASSES)
    assert all(bool(row.relevant) == (row.kind != "none") for row in suite)


def test_about_a_third_is_untouched_and_it_has_every_class():
    suite = read_suite("demo")
    untouched = [row for row in suite if row.part == Part.UNTOUCHED]

    assert len(suite) * 0.25 < len(untouched) < len(suite) * 0.42
    assert {row.kind for row in untouched} == set(CLASSES)
