"""What somebody meant, on paper: words of the shop laid over what was typed."""

import pytest

from catalog.search import blurred, initials, keys_of, misspelt_keys, read, sounds, words_of

SHOP = [
    "车厘子",
    "草莓",
    "羊毛",
    "围巾",
    "降噪耳机",
    "无线鼠标",
    "铁观音",
    "麦克风",
    "充电款",
    "headphones",
]


def meant(typed):
    reading = read(typed, SHOP)
    return reading.texts() if reading.is_known else []


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("caomei", "草莓"),
        ("tie guan yin", "铁观音"),
        ("wxsb", "无线鼠标"),
        ("车历子", "车厘子"),
        ("羊毛围斤", "羊毛 围巾"),
        ("马克风", "麦克风"),
        ("weijing", "围巾"),
        ("headphons", "headphones"),
        ("羊毛围巾", "羊毛 围巾"),
    ],
)
def test_sounds_initials_and_slips_lead_to_words_of_the_shop(typed, text):
    assert meant(typed) == [text]


@pytest.mark.parametrize("typed", ["充电宝", "冰箱", "xyz", "", "!?"])
def test_what_is_no_word_of_the_shop_is_not_made_one(typed):
    assert meant(typed) == []


def test_words_that_sound_alike_are_all_offered():
    assert read("shu", ["树", "书包"]).texts() == ["shu"]
    assert read("shubao", ["书包", "薯包"]).texts() == ["书包", "薯包"]


def test_a_reading_says_how_much_of_it_is_known_and_whether_its_head_is():
    headed, headless = read("绿色羊毛围巾", SHOP), read("羊毛壳", SHOP)

    assert (headed.is_known, headed.is_headed, headed.known_share) == (False, True, 4 / 6)
    assert headed.texts(only_known=True) == ["羊毛 围巾"]
    assert not headless.is_headed


def test_sounds_are_those_of_the_word():
    assert (sounds("行李"), sounds("银行"), initials("银行")) == ("xingli", "yinhang", "yh")
    assert blurred("jiangpan") == blurred("jianpan")


def test_one_slip_apart_two_words_share_a_key_and_far_words_none():
    assert keys_of("headphones") & misspelt_keys("hedphones")
    assert not keys_of("headphones") & misspelt_keys("keyboard")


def test_words_of_a_text_are_its_short_stretches():
    assert list(words_of("轻音 N1 头戴降噪耳机 2026")) == ["轻音", "n1", "头戴降噪耳机"]
