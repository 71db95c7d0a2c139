"""The version that a consent names can be read, also when another one holds (X-12, M-60)."""

from urllib.parse import quote

import pytest
from django.utils import translation

from mall.kernel import clock
from promotions.errors import HelpVersionKept
from promotions.models import HelpPage, HelpVersion
from promotions.services import place_content

pytestmark = pytest.mark.django_db


def published(version, body, page=None, **values):
    row = page or HelpPage(slug="privacy", title_zh="隐私政策", title_en="Privacy", topic="privacy")
    row.version, row.body_zh, row.body_en = version, body, body
    for name, value in values.items():
        setattr(row, name, value)
    place_content(row=row, changed=["version", "body_zh", "body_en"], at=clock.now())
    return row


@pytest.fixture
def page():
    row = published("2025-06", "我们收集手机号。")
    return published("2026-11", "我们收集手机号和地址。", row)


def test_X_12_the_page_lists_its_versions_and_each_says_what_it_said(client, page):
    answer = client.get("/help/privacy/")

    versions = [(one["version"], one["current"]) for one in answer.context["versions"]]
    assert versions == [("2026-11", True), ("2025-06", False)]
    text = answer.content.decode()
    assert 'href="/help/privacy/2025-06/"' in text
    old = client.get("/help/privacy/2025-06/").content.decode()
    assert "我们收集手机号。" in old
    assert "和地址" not in old
    assert 'href="/help/privacy/"' in old


def test_X_12_engines_keep_the_version_that_holds_and_no_other(client, page):
    robots = '<meta name="robots" content="noindex, follow">'

    assert robots in client.get("/en/help/privacy/2025-06/").content.decode()
    assert robots not in client.get("/en/help/privacy/2026-11/").content.decode()
    assert robots not in client.get("/en/help/privacy/").content.decode()


def test_X_12_a_published_version_never_says_something_else(client, page):
    """What holds now and what its version says are the same words."""
    for other in ({"body": "别的话。"}, {"body": page.body_zh, "title_en": "Your data"}):
        with (
            translation.override("en"),
            pytest.raises(HelpVersionKept, match="Version 2026-11 was"),
        ):
            published("2026-11", page=page, **other)
        page.refresh_from_db()

    assert page.title_en == "Privacy"
    for path in ("/help/privacy/", "/help/privacy/2026-11/"):
        text = client.get(path).content.decode()
        assert "我们收集手机号和地址。" in text
        assert "别的话。" not in text


def test_X_12_a_draft_is_written_under_any_version_and_published_under_its_own(page):
    published("2026-11", "别的话。", page, is_published=False)

    with pytest.raises(HelpVersionKept):
        published("2026-11", "别的话。", page, is_published=True)
    published("2026-12", "别的话。", page, is_published=True)

    kept = HelpVersion.objects.filter(page=page).order_by("version")
    assert list(kept.values_list("version", "body_zh")) == [
        ("2025-06", "我们收集手机号。"),
        ("2026-11", "我们收集手机号和地址。"),
        ("2026-12", "别的话。"),
    ]


def test_X_12_an_old_version_comes_back_with_its_own_words(client, page):
    published("2025-06", "我们收集手机号。", page)

    versions = client.get("/help/privacy/").context["versions"]
    assert [one["version"] for one in versions if one["current"]] == ["2025-06"]
    assert client.get("/help/privacy/2025-06/").context["is_old"] is False


def test_X_12_a_version_may_be_called_anything(client, page):
    published("2026/12 修订", "新版", page)

    path = f"/help/privacy/{quote('2026/12 修订')}/"

    assert path in client.get("/help/privacy/").content.decode()
    assert "新版" in client.get(path).content.decode()


def test_X_12_a_page_of_one_version_lists_none_and_a_draft_has_none(client):
    row = published("1", "第一版")
    assert client.get("/help/privacy/").context["versions"] == []
    assert client.get("/help/privacy/2/").status_code == 404

    published("2", "草稿", row, is_published=False)
    assert client.get("/help/privacy/1/").status_code == 404


@pytest.mark.parametrize("version", ["2025-07", "\x00", "2025-06\x00", "x" * 300])
def test_X_12_a_version_that_never_was_is_not_found(client, page, version):
    assert client.get(f"/help/privacy/{quote(version, safe='')}/").status_code == 404
