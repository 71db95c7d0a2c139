"""What operators see of words, approvals and licences."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from catalog.models import (
    Product,
    PublishingPolicy,
    Qualification,
    QualificationKind,
    ScreeningPhrase,
    ScreeningTerm,
)
from catalog.testing import AT, make_category, make_operator, make_product
from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
BACKEND = "members.backends.AccountBackend"
WARNING = [{"kind": "point", "title_zh": "极致顺滑", "text_zh": "穿着舒服"}]


def page(name, *args):
    return reverse(f"admin:catalog_{name}", args=args)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def sign_in(client, *codenames):
    operator = make_operator(is_superuser=not codenames)
    operator.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(operator, backend=BACKEND)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return operator


def text(answer):
    return answer.content.decode()


def test_C_37_admin_shows_word_and_class_with_the_hit_marked(client):
    sign_in(client)
    product = make_product("最 好的<b>大米", on_sale=False)

    shown = text(client.get(page("product_change", product.pk)))
    asked = text(client.get(page("product_publish_one", product.pk)))

    for body in (shown, asked):
        assert "<mark>最 好</mark>的&lt;b&gt;大米" in body
        assert "superlative" in body
        assert "blocks" in body


def test_C_37_a_forbidden_title_is_refused_in_admin_with_its_word(client):
    sign_in(client)
    product = make_product("治愈失眠的枕头", on_sale=False)

    answer = client.post(page("product_publish_one", product.pk), follow=True)

    assert "治愈 (medical claim)" in text(answer)
    assert Product.objects.get().status == Product.Status.DRAFT


def test_a_product_that_waits_is_said_to_wait(client):
    sign_in(client)
    PublishingPolicy.objects.update(approval="always")
    product = make_product("棉被", on_sale=False)
    chosen = {"action": "publish", "_selected_action": [product.pk]}

    answer = client.post(page("product_changelist"), chosen, follow=True)

    assert "棉被 waits for approval." in text(answer)


def test_C_38_the_queue_lets_through_and_sends_back_with_a_reason(client):
    sign_in(client)
    good, bad = make_product(blocks=WARNING), make_product(blocks=WARNING)
    first, second = good.approvals.get(), bad.approvals.get()

    listed = text(client.get(page("productapproval_changelist")))
    form = client.get(page("productapproval_approve_one", first.pk))
    digest = form.context["form"].initial["digest"]
    client.post(page("productapproval_approve_one", first.pk), {"digest": digest})
    client.post(page("productapproval_reject_one", second.pk), {"reason": "夸大"})

    assert "极致" in listed
    assert "<mark>极致</mark>" in text(form)
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.status, bad.status) == ("on_sale", "rejected")
    assert "夸大" in text(client.get(page("product_change", bad.pk)))


def test_who_may_not_decide_reads_the_queue_and_decides_nothing(client):
    sign_in(client, "view_productapproval", "view_product")
    approval = make_product(blocks=WARNING).approvals.get()

    assert client.get(page("productapproval_change", approval.pk)).status_code == 200
    answer = client.post(page("productapproval_reject_one", approval.pk), {"reason": "夸大"})

    assert answer.status_code == 403
    assert Product.objects.get().status == Product.Status.PENDING


def test_words_and_phrases_of_the_shop_are_written_with_a_trail(client):
    sign_in(client)
    word = {"word": "量子", "term_class": "other", "severity": "block", "is_active": "on"}
    phrase = {"phrase": "完美牌", "kind": "brand", "is_active": "on", "note": "第 123 号"}

    client.post(page("screeningterm_add"), word)
    client.post(page("screeningphrase_add"), phrase)

    assert (ScreeningTerm.objects.get().word, ScreeningPhrase.objects.get().phrase) == (
        "量子",
        "完美牌",
    )
    assert AuditEntry.objects.filter(verb="catalog.save_screening").count() == 2


def test_the_policy_is_changed_by_who_may_with_a_trail(client):
    sign_in(client)
    lengths = {"main_least_seconds": 6, "main_most_seconds": 30, "detail_most_seconds": 30}
    shorts = {"short_least_seconds": 5, "short_most_seconds": 20}
    values = {"approval": "always", "needs_second_person": "on", "alert_days": 14}
    typed = {**values, **lengths, **shorts, "most_empty_bp": "30"}

    refused = client.post(page("publishingpolicy_change", 1), {**typed, "main_most_seconds": 5})
    client.post(page("publishingpolicy_change", 1), typed)

    assert refused.status_code == 200
    policy = PublishingPolicy.objects.get()
    assert (policy.approval, policy.needs_second_person) == ("always", True)
    assert (policy.alert_days, policy.most_empty_bp, policy.main_least_seconds) == (14, 3_000, 6)
    assert AuditEntry.objects.filter(verb="catalog.save_publishing_policy").count() == 1


@pytest.mark.parametrize(
    ("content", "is_kept"),
    [(b"%PDF-1.7 scan", True), (b"<html><script>", False), (b"%PDF-" + b"0" * 5_300_000, False)],
)
def test_C_39_a_licence_is_kept_with_number_file_and_last_day(
    client, settings, tmp_path, content, is_kept
):
    settings.MEDIA_ROOT = tmp_path  # the fixture, which puts it back
    sign_in(client)
    kind = QualificationKind.objects.create(code="food", title_zh="食品经营许可证", title_en="Food")
    values = {
        "kind": kind.pk,
        "category": make_category().pk,
        "number": "JY13100000001",
        "holder": "",
        "starts_on": "2026-01-01",
        "expires_on": "2027-01-01",
        "file": SimpleUploadedFile("licence.html", content),
    }

    client.post(page("qualification_add"), values)

    rows = Qualification.objects.values_list("number", "expires_on__year")
    assert list(rows) == ([("JY13100000001", 2027)] if is_kept else [])
    assert [row.file.name.rpartition(".")[2] for row in Qualification.objects.all()] == (
        ["pdf"] if is_kept else []
    )


@pytest.mark.parametrize("screen", ["productapproval", "qualification", "screeningterm"])
def test_lists_ask_the_same_at_two_rows_and_at_fifty(client, screen, django_assert_max_num_queries):
    sign_in(client)
    make_rows(2)
    client.get(page(f"{screen}_changelist"))
    with django_assert_max_num_queries(14) as few:
        client.get(page(f"{screen}_changelist"))
    make_rows(48)

    with django_assert_max_num_queries(14) as many:
        client.get(page(f"{screen}_changelist"))

    assert len(many) == len(few)


def make_rows(number):
    category = make_category()
    product = make_product(category=category, on_sale=False)
    done = {"product": product, "asked_at": AT, "status": "approved", "checked_at": AT}
    for index in range(number):
        product.approvals.create(**done, maker=make_operator())
        kind = QualificationKind.objects.create(
            code=f"k{category.pk}-{index}", title_zh="许可证", title_en="Licence"
        )
        last_day = clock.day_of(AT) + timedelta(days=index)
        Qualification.objects.create(
            kind=kind, category=category, number="1", file="a.pdf", expires_on=last_day
        )
        ScreeningTerm.objects.create(word=f"词{category.pk}-{index}")
