import pytest
from django.utils import translation

from mall.kernel.words import gap, in_one_line, localized, rate_text, short_yuan


@pytest.mark.parametrize(
    ("amount_fen", "text"), [(30_000, "300"), (1_250, "12.50"), (5, "0.05"), (0, "0")]
)
def test_yuan_without_needless_zeros(amount_fen, text):
    assert short_yuan(amount_fen) == text


@pytest.mark.parametrize(
    ("rate_bp", "chinese", "english"),
    [
        (9_500, "95 折", "5% off"),
        (8_000, "8 折", "20% off"),
        (8_550, "8.55 折", "14.5% off"),
        (500, "0.5 折", "95% off"),
    ],
)
def test_a_rate_is_said_as_people_say_it(rate_bp, chinese, english):
    with translation.override("zh-hans"):
        assert rate_text(rate_bp) == chinese
    with translation.override("en"):
        assert rate_text(rate_bp) == english


def test_sentences_stand_apart_only_where_full_stops_are_narrow():
    with translation.override("zh-hans"):
        assert gap().join(["一。", "二。"]) == "一。二。"
    with translation.override("en"):
        assert gap().join(["One.", "Two."]) == "One. Two."
    assert in_one_line("满 300 减 50。\n\n券再减 20。") == "满 300 减 50。券再减 20。"
    assert in_one_line("Over 300.\n\nThen a coupon.") == "Over 300. Then a coupon."


def test_chinese_is_the_fallback_of_a_missing_english_text():
    row = {"title_zh": "茶", "title_en": ""}

    with translation.override("en"):
        assert localized(row, "title") == "茶"
        assert localized({**row, "title_en": "Tea"}, "title") == "Tea"
    with translation.override("zh-hans"):
        assert localized({**row, "title_en": "Tea"}, "title") == "茶"
