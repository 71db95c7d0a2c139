"""The libraries' texts that we translate: still theirs, and Chinese for who reads Chinese."""

from pathlib import Path

import axes
import pytest
import unfold
from django.utils import translation

from mall.console.borrowed import AXES, COUNTED, UNFOLD


def sources_of(library) -> str:
    """The code and templates of an installed package, quotes unescaped, breaks undone."""
    root = Path(library.__file__).parent
    files = (path for path in root.rglob("*") if path.suffix in (".py", ".html"))
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return "".join(text.replace("\\'", "'").split())


@pytest.mark.parametrize(("library", "texts"), [(unfold, UNFOLD), (axes, AXES)])
def test_each_text_is_still_the_librarys(library, texts):
    source = sources_of(library).replace('"', "").replace("'", "")

    gone = [
        text
        for text in texts
        if "".join(text.split()).replace('"', "").replace("'", "") not in source
    ]

    assert gone == []


@pytest.mark.parametrize("text", [*UNFOLD, *AXES])
def test_each_text_is_chinese_for_chinese_readers(text):
    with translation.override("zh-hans"):
        assert translation.gettext(text) != text


def test_counted_texts_are_chinese_for_chinese_readers():
    with translation.override("zh-hans"):
        found, exported = (str(text % {"counter": 3, "len": 2, "time": 1}) for text in COUNTED)

    assert (found.strip(), exported.strip()) == ("找到 3 条，用时 1 秒", "导出选中的 2 条。")
