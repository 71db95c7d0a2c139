"""How money, counts and dates are written, in both languages."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import RequestFactory
from django.utils.translation import override

from mall.storefront.templatetags import mall_tags as tags


@pytest.mark.parametrize(
    ("fen", "style", "text"),
    [
        (42720, "", "427.20"),
        (42700, "", "427.00"),
        (42700, "short", "427"),
        (42720, "short", "427.20"),
        (189900, "short", "1,899"),
        (-500, "", "−5.00"),
        (5, "", "0.05"),
        (0, "", "0.00"),
    ],
)
def test_yuan(fen, style, text):
    assert tags.yuan(fen, style) == text


@pytest.mark.parametrize(
    ("fen", "options", "html"),
    [
        (6600, {}, '<span class="price"><i>¥</i>66</span>'),
        (5770, {"size": "lg"}, '<span class="price price--lg"><i>¥</i>57<small>.70</small></span>'),
        (6600, {"exact": True}, '<span class="price"><i>¥</i>66<small>.00</small></span>'),
        (
            189905,
            {"ink": True},
            '<span class="price price--ink"><i>¥</i>1,899<small>.05</small></span>',
        ),
    ],
)
def test_price(fen, options, html):
    assert tags.price(fen, **options) == html


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        (0, "0", "0"),
        (9999, "9999", "9999"),
        (10_000, "1万", "10k"),
        (12_999, "1.2万", "12k"),
        (1_234_567, "123.4万", "1,234k"),
    ],
)
def test_counts_are_cut_never_rounded_up(number, zh, en):
    with override("zh-hans"):
        assert tags.count(number) == zh
    with override("en"):
        assert tags.count(number) == en


@pytest.mark.parametrize(
    ("rate_bp", "zh", "en"),
    [(9500, "95 折", "5% off"), (9000, "9 折", "10% off"), (8850, "8.85 折", "11.50% off")],
)
def test_rates(rate_bp, zh, en):
    with override("zh-hans"):
        assert tags.rate(rate_bp) == zh
    with override("en"):
        assert tags.rate(rate_bp) == en


@time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC))
def test_a_day_is_a_day_in_shanghai_and_names_another_year():
    with override("en"):
        assert tags.day(datetime(2026, 4, 3, 16, 30, tzinfo=UTC)) == "4 Apr"
        assert tags.moment(datetime(2026, 4, 3, 16, 30, tzinfo=UTC)) == "4 Apr 00:30"
        assert tags.day(date(2027, 4, 4)) == "4 Apr 2027"
        assert tags.brief_day(date(2026, 4, 4)) == "4 Apr"
        assert tags.brief_day(date(2027, 4, 4)) == "4 Apr 2027"
        assert tags.axis_day(date(2027, 4, 4)) == "4 Apr"


def test_clock_counts_days_only_from_a_day_on():
    now = datetime(2026, 11, 22, tzinfo=UTC)

    short = tags.clock(datetime(2026, 11, 22, 1, 24, 36, tzinfo=UTC), now)
    long = tags.clock(datetime(2026, 11, 24, 1, 0, tzinfo=UTC), now)
    over = tags.clock(datetime(2026, 11, 21, tzinfo=UTC), now)

    assert (short["days"], short["hours"], short["minutes"], short["seconds"]) == (
        "",
        "01",
        "24",
        "36",
    )
    assert (long["days"], long["hours"]) == ("2", "01")
    assert (over["hours"], over["minutes"], over["seconds"]) == ("00", "00", "00")


def test_a_picture_above_the_fold_is_not_lazy_and_text_is_escaped():
    image = {
        "url": "/m/a.webp",
        "srcset": "/m/a-200.webp 200w",
        "width": 800,
        "height": 800,
        "alt": '"x"',
    }

    first = tags.picture(image, "main", first=True)
    later = tags.picture(image, alt="", side=48)

    assert 'fetchpriority="high"' in first
    assert "lazy" not in first
    assert 'alt="&quot;x&quot;"' in first
    assert 'srcset="/m/a-200.webp 200w"' in first
    assert 'loading="lazy"' in later
    assert 'width="48" height="48" alt=""' in later


def test_C_40_avif_stands_before_webp_only_where_there_is_some():
    image = {"url": "/m/a.webp", "srcset": "/m/a.webp 800w", "width": 8, "height": 8, "alt": ""}

    plain = tags.picture({**image, "srcset_avif": ""})
    both = tags.picture({**image, "srcset_avif": "/m/a.avif 800w"}, "thumb")

    assert plain.startswith("<img ")
    assert both.startswith(
        '<picture><source type="image/avif" srcset="/m/a.avif 800w" sizes="88px"><img '
    )
    assert both.endswith("></picture>")


def test_a_card_shows_one_flag_and_at_most_two_badges():
    badges = [
        {"kind": "hot", "label": "爆款"},
        {"kind": "offer", "label": "限时"},
        {"kind": "gift", "label": "赠品"},
        {"kind": "freight", "label": "免运费"},
    ]

    assert tags.flag(badges) == badges[0]
    assert tags.in_line(badges) == badges[1:3]


def test_this_page_has_an_address_in_each_language(settings):
    request = RequestFactory().get("/cart/?x=1")

    with override("zh-hans"):
        zh, en = tags.languages({"request": request})

    assert (zh["code"], zh["path"], zh["current"]) == ("zh-Hans", "/cart/?x=1", True)
    assert (en["code"], en["current"]) == ("en", False)
