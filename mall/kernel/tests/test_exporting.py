"""A spreadsheet runs nothing of what we export (ATK-49)."""

import csv
import io

import pytest

from mall.kernel.admin import csv_response, safe_cell


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://x","y")',
        "+cmd|' /C calc'!A0",
        "-1+1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "  =1",
        "\u3000=1",
    ],
)
def test_text_that_would_run_gets_an_apostrophe(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["西湖龙井", "13800000001", "a=b", 427, -5, 0])
def test_plain_text_and_numbers_stay_as_they_are(value):
    assert safe_cell(value) == value


def test_nothing_becomes_an_empty_cell():
    assert safe_cell(None) == ""


def test_the_download_is_utf_8_for_excel_and_safe_in_head_and_rows():
    response = csv_response("report.csv", ["=day", "商品"], [["2026-11-22", "=1+1"], [3, None]])

    text = response.content.decode("utf-8")
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:]))) == [
        ["'=day", "商品"],
        ["2026-11-22", "'=1+1"],
        ["3", ""],
    ]
    assert response["Content-Disposition"] == 'attachment; filename="report.csv"'
