"""The screen of words on paper: what it finds, where, and what it leaves alone."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.screening import Severity, Term, TermClass, base_lexicon, fold, screen

DATA = Path(__file__).resolve().parents[2] / "bench" / "data"


def sentences(name, *labels):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file) if row["label"] in labels]


def found(text, *, is_title=False, lexicon=None):
    return [hit.word for hit in screen(text, lexicon or base_lexicon(), is_title=is_title)]


@pytest.mark.parametrize("name", ["screening_ad_law.csv", "screening_own.csv"])
def test_C_37_every_sentence_with_a_hit_is_found(name):
    missed = [text for text in sentences(name, "hit") if not found(text)]

    assert missed == []


@pytest.mark.parametrize("name", ["screening_ad_law.csv", "screening_own.csv"])
def test_C_37_no_clean_or_exempt_sentence_is_stopped(name):
    stopped = [text for text in sentences(name, "clean", "exempt") if found(text, is_title=True)]

    assert stopped == []


def test_C_37_our_own_sentences_are_over_two_hundred_and_half_of_them_clean():
    hits = sentences("screening_own.csv", "hit")
    clean = sentences("screening_own.csv", "clean")
    exempt = sentences("screening_own.csv", "exempt")

    assert (len(hits), len(clean), len(exempt)) == (151, 163, 55)
    assert len({*hits, *clean, *exempt}) == 151 + 163 + 55


@pytest.mark.parametrize(
    ("text", "word", "term_class", "place"),
    [
        ("全网最好的大米", "最好", TermClass.ABSOLUTE, (2, 4)),
        ("能治愈失眠", "治愈", TermClass.MEDICAL, (1, 3)),
        ("顶 级 丝绸", "顶级", TermClass.ABSOLUTE, (0, 3)),
        ("品质最*佳", "最佳", TermClass.ABSOLUTE, (2, 5)),
        ("ＮＯ．１ 爆款", "NO.1", TermClass.ABSOLUTE, (0, 4)),
        ("中國國傢級品质", "国家级", TermClass.ABSOLUTE, (2, 5)),
        ("开光转运吊坠", "开光转运", TermClass.OTHER, (0, 4)),
    ],
)
def test_a_hit_says_its_class_and_its_place_in_what_was_written(text, word, term_class, place):
    (hit,) = screen(text, base_lexicon())

    assert (hit.word, hit.term_class, (hit.start, hit.end)) == (word, term_class, place)


def test_a_superlative_blocks_a_title_and_warns_in_a_text_a_cure_blocks_both():
    best, cure = "最好的枕头", "治愈失眠的枕头"

    severities = [
        screen(text, base_lexicon(), is_title=is_title)[0].severity
        for text in (best, cure)
        for is_title in (True, False)
    ]

    assert severities == [Severity.BLOCK, Severity.WARN, Severity.BLOCK, Severity.BLOCK]


def test_the_end_of_a_clause_and_the_beginning_of_the_next_make_no_word():
    assert found("洗到完，美白衣物") == []
    assert found("洗到完美") == ["完美"]


def test_the_notice_the_law_demands_is_no_claim_but_a_claim_after_it_is():
    assert found("本品不能替代药物") == []
    assert found("本品不能替代药物。可根治脚臭") == ["根治"]


def test_the_title_of_a_work_may_say_the_best_but_not_that_it_heals():
    assert found("《最好的我们》平装") == []
    assert found("《治愈失眠》按摩仪")


def test_a_longer_word_stands_for_the_shorter_ones_inside_it():
    assert found("医学级疗效") == ["医学级疗效"]


def test_a_milder_longer_word_does_not_hide_one_that_blocks():
    added = [Term("根治方案", TermClass.OTHER, Severity.WARN)]

    assert set(found("根治方案", lexicon=base_lexicon().changed(added=added))) == {
        "根治方案",
        "根治",
    }


def test_the_shop_adds_words_takes_some_off_and_names_its_brands():
    lexicon = base_lexicon().changed(
        added=[Term("量子", TermClass.OTHER, Severity.BLOCK)],
        without=["顶 級"],
        phrases=["最好牌"],
    )

    assert found("量 子水杯", lexicon=lexicon) == ["量子"]
    assert found("顶级丝绸", lexicon=lexicon) == []
    assert found("最好牌酱油 最好", lexicon=lexicon) == ["最好"]


@given(st.text(max_size=60))
def test_every_place_of_a_folded_text_is_a_place_of_the_original_in_order(text):
    folded = fold(text)

    assert len(folded.text) == len(folded.places)
    assert list(folded.places) == sorted(folded.places)
    assert all(0 <= place < len(text) for place in folded.places)


@given(st.lists(st.sampled_from([" ", "*", "·", "\u200b", "❤", "_"]), min_size=3, max_size=3))
def test_signs_between_the_characters_hide_nothing(signs):
    text = "".join(char + sign for char, sign in zip("国家级", signs, strict=True))

    (hit,) = screen(text, base_lexicon())

    assert (hit.word, hit.start, hit.end) == ("国家级", 0, 5)
