"""Texts, licences and a person between a product and its shoppers."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import translation

from catalog.errors import (
    ApprovalReasonMissing,
    NotWaitingForApproval,
    OwnProductApproval,
    QualificationMissing,
    TextsChanged,
    TextsRefused,
)
from catalog.models import (
    Product,
    ProductApproval,
    PublishingPolicy,
    Qualification,
    QualificationKind,
    ScreeningPhrase,
    ScreeningTerm,
)
from catalog.services import (
    OptionPlan,
    ValuePlan,
    approve_product,
    judge_texts,
    publish_product,
    reject_product,
    save_product,
    save_publishing_policy,
    save_qualification,
    set_attributes,
    set_options,
    take_off_sale,
    warn_of_qualifications,
)
from catalog.services.screening_texts import Text, digest_of, product_texts
from catalog.testing import AT, make_attribute, make_category, make_operator, make_product
from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.notify.models import Message
from mall.kernel.outbox.models import OutboxEvent

pytestmark = pytest.mark.django_db
WARNING = [{"kind": "point", "title_zh": "极致顺滑", "text_zh": "穿着舒服"}]
TODAY = clock.day_of(AT)


def status_of(product):
    return Product.objects.get(pk=product.pk).status


def always(**values):
    save_publishing_policy(values={"approval": "always", **values}, at=AT, actor=None)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("最好的大米", "title (Chinese): 最好 (superlative)"),
        ("治愈失眠的枕头", "title (Chinese): 治愈 (medical claim)"),
        ("顶*级 丝绸", "title (Chinese): 顶*级 (superlative)"),
    ],
)
def test_C_37_a_title_with_a_forbidden_word_cannot_be_published(title, words):
    product = make_product(title, on_sale=False)

    with translation.override("en"), pytest.raises(TextsRefused) as refusal:
        publish_product(product=product, at=AT)

    assert words in refusal.value.facts["findings"]
    assert status_of(product) == Product.Status.DRAFT
    assert not OutboxEvent.objects.filter(name="catalog.product_published").exists()


def test_C_37_a_claim_to_heal_in_a_detail_block_or_attribute_blocks_too():
    category = make_category()
    make_attribute(category, code="use", title_zh="功效")
    blocks = [{"kind": "point", "title_zh": "真材实料", "text_zh": "每天一杯 抗癌"}]
    detailed = make_product(blocks=blocks, on_sale=False)
    valued = make_product(category=category, attributes={"use": ("消炎", "")}, on_sale=False)

    for product in (detailed, valued):
        with pytest.raises(TextsRefused):
            publish_product(product=product, at=AT)

    assert {status_of(detailed), status_of(valued)} == {Product.Status.DRAFT}


def test_C_37_a_product_on_sale_cannot_be_given_a_forbidden_word():
    category = make_category()
    make_attribute(category, code="use")
    product = make_product("棉被", category=category)

    with pytest.raises(TextsRefused), transaction.atomic():
        save_product(product=product, values={"title_zh": "最好的棉被"}, at=AT)
    with pytest.raises(TextsRefused), transaction.atomic():
        set_attributes(product=product, values={"use": ("根治", "")}, at=AT)

    product.refresh_from_db()
    assert (product.title_zh, product.attribute_values.count()) == ("棉被", 0)


def test_operators_add_words_switch_words_off_and_name_brands():
    ScreeningTerm.objects.create(word="量子")
    ScreeningTerm.objects.create(word="王牌", is_active=False)
    ScreeningPhrase.objects.create(phrase="最好牌", kind="brand")

    with pytest.raises(TextsRefused):
        make_product("量子水杯")
    made = [make_product("王牌耳机").status, make_product("最好牌酱油").status]

    assert made == ["on_sale", "on_sale"]


def test_a_product_that_the_screen_only_warns_of_waits_for_a_person_unseen():
    product = make_product(blocks=WARNING)

    approval = product.approvals.get()

    assert product.status == Product.Status.PENDING
    assert [(row["word"], row["severity"]) for row in approval.findings] == [("极致", "warn")]
    assert not Product.objects.on_sale().filter(pk=product.pk).exists()
    assert not OutboxEvent.objects.filter(name="catalog.product_published").exists()


def test_C_38_a_new_product_is_pending_and_only_an_approved_one_is_visible():
    always()
    maker, checker = make_operator(), make_operator()
    product = make_product(on_sale=False)

    publish_product(product=product, at=AT, actor=maker)
    waiting = status_of(product)
    approve_product(product=product, at=AT, actor=checker)

    assert waiting == "pending"
    assert status_of(product) == Product.Status.ON_SALE
    approval = product.approvals.get()
    assert (approval.status, approval.maker, approval.checker) == ("approved", maker, checker)
    assert AuditEntry.objects.filter(verb="catalog.approve_product").get().actor == checker


def test_C_38_rejecting_stores_the_reason_and_tells_who_asked():
    always()
    maker, checker = make_operator(), make_operator()
    product = make_product(on_sale=False)
    publish_product(product=product, at=AT, actor=maker)

    with pytest.raises(ApprovalReasonMissing):
        reject_product(product=product, reason=" ", at=AT, actor=checker)
    reject_product(product=product, reason="图文不符", at=AT, actor=checker)

    approval = product.approvals.get()
    assert (status_of(product), approval.status, approval.reason) == (
        "rejected",
        "rejected",
        "图文不符",
    )
    assert Message.objects.get(template="catalog.product_rejected").account_id == maker.pk


def test_what_was_rejected_asks_again_and_what_was_answered_is_answered_once():
    always()
    product = make_product(on_sale=False)
    publish_product(product=product, at=AT)
    reject_product(product=product, reason="缺图", at=AT, actor=make_operator())

    with pytest.raises(NotWaitingForApproval):
        approve_product(product=product, at=AT)
    publish_product(product=product, at=AT)

    assert status_of(product) == "pending"
    assert sorted(product.approvals.values_list("status", flat=True)) == ["rejected", "waiting"]


def test_where_the_shop_asks_for_a_second_person_nobody_approves_their_own():
    always(needs_second_person=True)
    maker = make_operator()
    product = make_product(on_sale=False)
    publish_product(product=product, at=AT, actor=maker)

    for actor in (maker, None):
        with pytest.raises(OwnProductApproval):
            approve_product(product=product, at=AT, actor=actor)

    assert status_of(product) == "pending"
    approve_product(product=product, at=AT, actor=make_operator())
    assert status_of(product) == "on_sale"


def test_texts_that_changed_while_they_were_read_are_read_again():
    product = make_product(blocks=WARNING)
    read = judge_texts(product).digest
    save_product(product=product, values={"subtitle_zh": "首选"}, at=AT)

    with pytest.raises(TextsChanged):
        approve_product(product=product, at=AT, digest=read)

    assert status_of(product) == "pending"


def test_an_approval_covers_its_words_so_that_others_may_change():
    product = make_product(blocks=WARNING)
    approve_product(product=product, at=AT)

    save_product(product=product, values={"title_zh": "真丝睡衣"}, at=AT)
    unchanged = status_of(product)
    save_product(product=product, values={"subtitle_zh": "送礼首选"}, at=AT)

    assert (unchanged, status_of(product)) == ("on_sale", "pending")
    assert OutboxEvent.objects.filter(name="catalog.product_taken_off").count() == 1


def test_a_shop_that_always_asks_has_every_change_read_but_not_a_mere_return():
    always()
    product = make_product(on_sale=False)
    publish_product(product=product, at=AT)
    approve_product(product=product, at=AT)

    take_off_sale(product=product, at=AT)
    publish_product(product=product, at=AT)
    returned = status_of(product)
    save_product(product=product, values={"title_zh": "真丝睡衣"}, at=AT)

    assert (returned, status_of(product)) == ("on_sale", "pending")


def test_a_shop_that_never_asks_publishes_what_is_only_warned_of():
    save_publishing_policy(values={"approval": "never"}, at=AT, actor=None)

    assert make_product(blocks=WARNING).status == "on_sale"
    assert PublishingPolicy.objects.get().approval == "never"


def test_the_database_keeps_one_waiting_row_a_product_and_no_rejection_without_a_reason():
    product = make_product(blocks=WARNING)
    row = {"product": product, "asked_at": AT}

    for values in ({}, {"status": "rejected"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProductApproval.objects.create(**row, **values)

    assert product.approvals.count() == 1


def licence(category, expires_on, **values):
    kind, _made = QualificationKind.objects.get_or_create(
        code="food", defaults={"title_zh": "食品经营许可证", "title_en": "Food licence"}
    )
    kind.categories.add(category)
    row = Qualification(
        kind=kind,
        category=category,
        file="qualifications/a.pdf",
        expires_on=expires_on,
        **{"number": "JY1", **values},
    )
    return save_qualification(qualification=row, at=AT)


def test_C_39_food_without_a_valid_licence_does_not_go_on_sale():
    category = make_category()
    product = make_product(category=category, on_sale=False)
    document = licence(category, TODAY - timedelta(days=1))

    with pytest.raises(QualificationMissing) as refusal:
        publish_product(product=product, at=AT)
    assert refusal.value.facts["missing"] == "食品经营许可证"
    assert status_of(product) == "draft"

    document.expires_on = TODAY
    save_qualification(qualification=document, at=AT)
    publish_product(product=product, at=AT)

    assert status_of(product) == "on_sale"


def test_a_licence_of_the_parent_holds_below_it_and_one_of_another_category_does_not():
    leaf, other = make_category(), make_category()
    below = make_product(category=leaf, on_sale=False)
    licence(leaf.parent, None)
    licence(other, None, number="JY2")
    elsewhere = make_category()
    QualificationKind.objects.get().categories.add(elsewhere)

    publish_product(product=below, at=AT)
    with pytest.raises(QualificationMissing):
        make_product(category=elsewhere)

    assert status_of(below) == "on_sale"


def test_C_39_operators_are_warned_thirty_days_before_and_when_it_is_over_each_once():
    boss = make_operator(is_superuser=True)
    document = licence(make_category(), TODAY + timedelta(days=30))

    told = [
        warn_of_qualifications(AT + timedelta(days=days)) for days in (-1, 0, 0, 5, 30, 31, 31, 40)
    ]

    assert told == [0, 1, 0, 0, 0, 1, 0, 0]
    messages = Message.objects.order_by("pk").values_list("template", "account_id")
    assert list(messages) == [
        ("catalog.qualification_soon", boss.pk),
        ("catalog.qualification_over", boss.pk),
    ]
    document.refresh_from_db()
    assert document.alerted == "over"


def test_nobody_is_warned_of_a_licence_that_a_later_one_replaces():
    category = make_category()
    licence(category, TODAY + timedelta(days=3))
    licence(category, date(2030, 1, 1), number="JY2")

    assert warn_of_qualifications(AT) == 0
    assert not Message.objects.exists()


def test_an_approval_from_before_axes_were_read_goes_on_covering_its_words():
    always()
    product = make_product(on_sale=False)
    red = [ValuePlan("red", "红")]
    axes = [OptionPlan("colour", "颜色", red), OptionPlan("lining", "里料", red)]
    set_options(product=product, options=axes, at=AT)
    publish_product(product=product, at=AT)
    approve_product(product=product, at=AT)
    words = [row.text for row in product_texts(product) if row.text not in ("颜色", "里料")]
    former = digest_of(Text("", word) for word in (*words, "红"))
    product.approvals.update(digest=former)

    save_product(product=product, values={"member_limit": 2}, at=AT)
    kept = status_of(product)
    save_product(product=product, values={"title_zh": "真丝睡衣"}, at=AT)

    assert (kept, status_of(product)) == ("on_sale", "pending")


@pytest.mark.parametrize(("chosen", "kept"), [("warned", "always"), ("never", "never")])
def test_a_new_shop_that_has_chosen_when_to_ask_keeps_its_choice(chosen, kept):
    save_publishing_policy(values={"approval": chosen}, at=AT, actor=None)

    import_module("catalog.migrations.0031_asked_about_and_ticked").ask_always(apps, None)

    assert PublishingPolicy.objects.get().approval == kept
