"""Legal texts in admin: new words of a published page need a new version (M-60, X-12)."""

import pytest
from django.urls import reverse

from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from members.testing import make_operator
from promotions.models import HelpPage, HelpVersion
from promotions.services import place_content

pytestmark = pytest.mark.django_db
TEXT = "我们收集手机号。\n\n只用来发货。"


@pytest.fixture
def page():
    row = HelpPage(slug="privacy", title_zh="隐私政策", title_en="Privacy", topic="privacy")
    row.version, row.body_zh, row.body_en = "2026-11", TEXT, "We keep your phone."
    place_content(row=row, changed=["version", "body_zh", "body_en"], at=clock.now())
    return row


@pytest.fixture
def save(client, page):
    """The page's form, sent as browsers send it, with some of it typed anew."""
    client.force_login(make_operator(), backend="members.backends.AccountBackend")
    names = ("slug", "topic", "title_zh", "title_en", "body_zh", "body_en", "version", "sort")
    usual = {name: str(getattr(page, name)).replace("\n", "\r\n") for name in names}
    address = reverse("admin:promotions_helppage_change", args=[page.pk])

    def post(language="en", **typed):
        client.cookies["django_language"] = language
        return client.post(address, usual | {"is_published": "on"} | typed)

    return post


@pytest.mark.parametrize(("language", "words"), [("en", "version of their own"), ("zh-hans", "")])
def test_M_60_other_words_under_a_kept_version_are_refused_at_the_version(
    save, page, language, words
):
    answer = save(language, body_zh="我们收集一切。")

    errors = answer.context["adminform"].form.errors
    assert list(errors) == ["version"]
    assert words in errors["version"][0]
    assert "2026-11" in errors["version"][0]
    page.refresh_from_db()
    assert page.body_zh == TEXT
    assert AuditEntry.objects.filter(verb="promotions.place_content").count() == 1


def test_M_60_new_words_with_a_new_version_are_kept_beside_the_old_ones(save, page):
    assert save(body_zh="我们收集一切。", version="2026-12").status_code == 302

    kept = HelpVersion.objects.filter(page=page).order_by("version")
    assert list(kept.values_list("body_zh", flat=True)) == [TEXT, "我们收集一切。"]


def test_what_is_no_word_of_it_changes_under_the_same_version(save, page):
    """Browsers send breaks of lines in another way: those are no other words."""
    assert save(sort="7", topic="about").status_code == 302
    assert save(sort="8", is_published="").status_code == 302

    page.refresh_from_db()
    assert (page.sort, page.topic, page.is_published) == (8, "privacy", False)
    assert HelpVersion.objects.get().body_zh == TEXT
