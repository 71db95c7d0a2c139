from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.urls import reverse

from catalog.testing import make_brand, make_category, make_product, make_sku
from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.testing.queries import count_queries
from members.testing import make_member, make_operator, make_segment
from promotions.models import (
    Announcement,
    Campaign,
    Coupon,
    CouponDispatch,
    CouponGrant,
    HotWord,
    PricingSettings,
    SaleItem,
)
from promotions.services import lock_grants, run_dispatches
from promotions.testing import (
    AT,
    make_coupon,
    make_grant,
    make_pricing_settings,
    make_sale,
    make_threshold_off,
)

pytestmark = pytest.mark.django_db
WINDOW = {
    "starts_at_0": "2026-11-01",
    "starts_at_1": "00:00:00",
    "ends_at_0": "2099-12-01",
    "ends_at_1": "00:00:00",
}
NO_PRICES = {"sale_items-TOTAL_FORMS": 0, "sale_items-INITIAL_FORMS": 0}
CAMPAIGN = {
    "kind": "threshold_off",
    "title_zh": "满300减50",
    "title_en": "50 off 300",
    "priority": 100,
    "scope_kind": "shop",
    **WINDOW,
    **NO_PRICES,
}
COUPON = {
    "code": "ten-off",
    "title_zh": "十元券",
    "title_en": "Ten off",
    "kind": "amount",
    "off_fen": "10",
    "total": 100,
    "per_member": 1,
    "scope_kind": "shop",
    "is_claimable": "on",
    **WINDOW,
}


def sign_in(client, *codenames):
    operator = make_operator(is_superuser=not codenames)
    operator.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(operator, backend="members.backends.AccountBackend")
    return operator


@pytest.fixture
def boss(client):
    return sign_in(client)


def page(name, *args):
    return reverse(f"admin:promotions_{name}", args=args)


def text(answer):
    return answer.content.decode()


def errors_of(answer):
    return answer.context["adminform"].form.errors


LISTS = [
    "campaign",
    "coupon",
    "coupongrant",
    "coupondispatch",
    "announcement",
    "helppage",
    "hotword",
    "pricingsettings",
]


def test_every_list_keeps_its_budget_at_a_hundred_rows(client, boss):
    for number in range(100):
        coupon = make_coupon()
        make_threshold_off()
        HotWord.objects.create(word_zh="茶", word_en="tea")
        Announcement.objects.create(title_zh="a", title_en="a", starts_at=AT)
        if number < 20:
            member = make_member()
            make_grant(member=member, coupon=coupon)
            CouponDispatch.objects.create(
                coupon=coupon, segment=make_segment(members=[member]), scheduled_at=AT
            )

    for model in LISTS:
        cache.clear()
        with count_queries(at_most=12):
            assert client.get(page(f"{model}_changelist")).status_code == 200, model


def test_steps_are_typed_in_yuan(client, boss):
    assert client.get(page("campaign_add")).status_code == 200
    steps = {"threshold_1": "300", "off_1": "50", "threshold_2": "200", "off_2": "20.5"}

    answer = client.post(page("campaign_add"), {**CAMPAIGN, **steps})

    assert answer.status_code == 302, errors_of(answer)
    campaign = Campaign.objects.get()
    assert campaign.rule == {
        "steps": [
            {"threshold_fen": 30_000, "off_fen": 5_000},
            {"threshold_fen": 20_000, "off_fen": 2_050},
        ]
    }
    assert (campaign.status, campaign.version) == ("draft", 1)
    assert AuditEntry.objects.get(verb="promotions.save_campaign").actor == boss
    shown = text(client.get(page("campaign_change", campaign.pk)))
    assert 'value="300' in shown
    assert 'value="20.5' in shown


@pytest.mark.parametrize(
    "steps",
    [
        {},
        {"threshold_1": "300"},
        {"off_1": "50"},
        {"threshold_1": "50", "off_1": "50"},
        {"threshold_1": "-300", "off_1": "50"},
        {"threshold_1": "300.001", "off_1": "50"},
        {"threshold_1": "300", "off_1": "50", "threshold_2": "400", "off_2": "50"},
    ],
)
def test_steps_that_make_no_sense_are_shown_to_the_operator(client, boss, steps):
    answer = client.post(page("campaign_add"), {**CAMPAIGN, **steps})

    assert answer.status_code == 200
    assert errors_of(answer)
    assert not Campaign.objects.exists()


def test_sale_prices_are_rows_of_the_form(client, boss):
    sku, other = make_sku(price_fen=10_000), make_sku(price_fen=10_000)
    rows = {
        "sale_items-TOTAL_FORMS": 2,
        "sale_items-INITIAL_FORMS": 0,
        "sale_items-0-sku": sku.pk,
        "sale_items-0-price_fen": "80",
        "sale_items-1-sku": other.pk,
        "sale_items-1-price_fen": "79.99",
    }

    answer = client.post(page("campaign_add"), {**CAMPAIGN, "kind": "sale", **rows})

    assert answer.status_code == 302
    assert dict(SaleItem.objects.values_list("sku_id", "price_fen")) == {
        sku.pk: 8_000,
        other.pk: 7_999,
    }


def test_sale_prices_are_changed_and_taken_away(client, boss):
    make_pricing_settings(approval_over_fen=None)
    sku, other = make_sku(price_fen=10_000), make_sku(price_fen=10_000)
    sale = make_sale(prices={sku.pk: 8_000, other.pk: 8_000})
    first, second = sale.sale_items.order_by("pk")
    rows = {
        "sale_items-TOTAL_FORMS": 2,
        "sale_items-INITIAL_FORMS": 2,
        "sale_items-0-id": first.pk,
        "sale_items-0-campaign": sale.pk,
        "sale_items-0-sku": first.sku_id,
        "sale_items-0-price_fen": "70",
        "sale_items-1-id": second.pk,
        "sale_items-1-campaign": sale.pk,
        "sale_items-1-sku": second.sku_id,
        "sale_items-1-price_fen": "80",
        "sale_items-1-DELETE": "on",
    }

    answer = client.post(page("campaign_change", sale.pk), {**CAMPAIGN, "kind": "sale", **rows})

    assert answer.status_code == 302
    assert list(SaleItem.objects.values_list("sku_id", "price_fen")) == [(first.sku_id, 7_000)]
    sale.refresh_from_db()
    assert (sale.version, sale.status) == (2, "live")


def test_a_refused_sale_price_is_a_sentence_and_saves_nothing(client, boss):
    sku = make_sku(price_fen=10_000)
    rows = {
        "sale_items-TOTAL_FORMS": 1,
        "sale_items-INITIAL_FORMS": 0,
        "sale_items-0-sku": sku.pk,
        "sale_items-0-price_fen": "200",
    }

    answer = client.post(page("campaign_add"), {**CAMPAIGN, "kind": "sale", **rows})

    row = answer.context["inline_admin_formsets"][0].formset.forms[0]
    assert "price_fen" in row.errors
    assert not Campaign.objects.exists()


def test_scopes_are_chosen_by_name_and_product_code(client, boss):
    category, brand, product = make_category(title_zh="绿茶"), make_brand(), make_product()
    steps = {"threshold_1": "300", "off_1": "50"}
    for kind, named in (
        ("category", {"categories": [category.pk]}),
        ("brand", {"brands": [brand.pk]}),
        ("products", {"product_codes": f" {product.code}\n"}),
    ):
        sent = {**CAMPAIGN, **steps, "scope_kind": kind, **named}
        assert client.post(page("campaign_add"), sent).status_code == 302

    scopes = Campaign.objects.order_by("pk").values_list("scope_kind", "scope_ids")
    assert list(scopes) == [
        ("category", [category.pk]),
        ("brand", [brand.pk]),
        ("products", [product.pk]),
    ]
    assert Campaign.objects.earliest("pk").scope_text_zh == "绿茶"
    for refused in ({"product_codes": "NO-SUCH"}, {}):
        sent = {**CAMPAIGN, **steps, "scope_kind": "products", **refused}
        assert "product_codes" in errors_of(client.post(page("campaign_add"), sent))


def test_another_scope_gets_other_words(client, boss):
    green, red = make_category(title_zh="绿茶"), make_category(title_zh="红茶")
    sent = {**CAMPAIGN, "threshold_1": "300", "off_1": "50", "scope_kind": "category"}
    client.post(page("campaign_add"), {**sent, "categories": [green.pk]})
    campaign = Campaign.objects.get()

    client.post(
        page("campaign_change", campaign.pk),
        {
            **sent,
            "categories": [red.pk],
            "scope_text_zh": campaign.scope_text_zh,
            "scope_text_en": campaign.scope_text_en,
        },
    )

    campaign.refresh_from_db()
    assert campaign.scope_text_zh == "红茶"


def test_a_link_alone_changes_nothing(client, boss):
    campaign = make_threshold_off(status="draft")

    client.get(page("campaign_publish", campaign.pk))

    campaign.refresh_from_db()
    assert campaign.status == "draft"


def test_a_coupon_is_typed_in_yuan_and_per_cent(client, boss):
    assert client.get(page("coupon_add")).status_code == 200

    first = client.post(page("coupon_add"), COUPON)
    second = client.post(
        page("coupon_add"),
        {**COUPON, "code": "rate", "kind": "rate", "off_fen": "", "rate": "85", "cap_fen": "30"},
    )

    assert (first.status_code, second.status_code) == (302, 302)
    amount, rate = Coupon.objects.order_by("pk")
    assert (amount.off_fen, amount.status) == (1_000, "draft")
    assert (rate.rate_bp, rate.cap_fen, rate.off_fen) == (8_500, 3_000, 0)
    assert client.get(page("coupon_change", rate.pk)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"off_fen": ""}, "off_fen"),
        ({"off_fen": "-1"}, "off_fen"),
        ({"kind": "rate"}, "rate"),
        ({"kind": "rate", "rate": "100"}, "rate"),
        ({"total": "0.5"}, "total"),
        ({"ends_at_0": "2026-10-01"}, "ends_at"),
    ],
)
def test_a_coupon_that_makes_no_sense_is_shown_to_the_operator(client, boss, changes, field):
    answer = client.post(page("coupon_add"), {**COUPON, **changes})

    assert field in errors_of(answer)
    assert not Coupon.objects.exists()


def test_a_coupon_that_the_verb_refuses_comes_back_as_it_was_typed(client, boss):
    coupon = make_grant(member=make_member()).coupon  # once given out it gets no budget
    typed = {**COUPON, "title_zh": "写了很久的券", "budget_fen": "5000"}

    answer = client.post(page("coupon_change", coupon.pk), typed)

    assert answer.status_code == 200
    assert 'value="写了很久的券"' in text(answer)
    assert list(errors_of(answer)) == ["__all__"]
    assert len(errors_of(answer)["__all__"]) == 1
    assert Coupon.objects.get().title_zh == coupon.title_zh


def test_a_coupon_shows_its_progress_and_is_published_by_a_deed(client, boss):
    coupon = make_coupon(status="draft", total=50)

    assert "0 / 50" in text(client.get(page("coupon_changelist")))
    assert "¥500" in text(client.get(page("coupon_publish", coupon.pk)))
    assert client.post(page("coupon_publish", coupon.pk)).status_code == 302

    coupon.refresh_from_db()
    assert coupon.status == "live"


def test_a_coupon_is_sent_to_a_segment_and_the_report_grows(client, boss):
    coupon = make_coupon()
    segment = make_segment(members=[make_member(), make_member()])
    start = client.get(page("coupon_send", coupon.pk), follow=True)
    assert f'<option value="{coupon.pk}" selected>' in text(start)

    sent = {"coupon": coupon.pk, "segment": segment.pk}
    answer = client.post(page("coupondispatch_send"), sent)

    assert answer.status_code == 302
    dispatch = CouponDispatch.objects.get()
    assert (dispatch.status, dispatch.created_by) == ("scheduled", boss)
    run_dispatches(clock.now() + timedelta(seconds=1))
    assert "2 / 2" in text(client.get(page("coupondispatch_changelist")))


def test_a_draft_cannot_be_sent(client, boss):
    coupon, segment = make_coupon(status="draft"), make_segment()

    answer = client.post(page("coupondispatch_send"), {"coupon": coupon.pk, "segment": segment.pk})

    assert answer.status_code == 200
    assert not CouponDispatch.objects.exists()


def test_a_dispatch_is_stopped_by_a_deed(client, boss):
    dispatch = CouponDispatch.objects.create(
        coupon=make_coupon(), segment=make_segment(), scheduled_at=AT
    )

    assert client.get(page("coupondispatch_stop", dispatch.pk)).status_code == 200
    assert client.post(page("coupondispatch_stop", dispatch.pk)).status_code == 302

    dispatch.refresh_from_db()
    assert dispatch.status == "stopped"


def test_members_coupons_and_dispatches_are_read_only_even_for_the_superuser(client, boss):
    grant = make_grant(member=make_member())
    lock_grants(grant_ids=[grant.pk], member_id=grant.member_id, order_number="A1", at=AT)

    assert client.get(page("coupongrant_change", grant.pk)).status_code == 200
    assert client.post(page("coupongrant_change", grant.pk), {"state": "usable"}).status_code == 403
    assert client.get(page("coupongrant_add")).status_code == 403
    assert client.get(page("coupondispatch_add")).status_code == 403
    assert CouponGrant.objects.get().state == "locked"


@pytest.mark.parametrize("deed", ["campaign_publish", "campaign_pause", "coupon_publish"])
def test_who_may_only_look_publishes_nothing(client, deed):
    sign_in(client, "view_campaign", "view_coupon")
    row = make_threshold_off() if deed.startswith("campaign") else make_coupon()

    assert client.get(page(deed, row.pk)).status_code == 403
    assert client.post(page(deed, row.pk)).status_code == 403


def test_who_may_only_look_opens_a_coupon(client):
    sign_in(client, "view_coupon")
    coupon = make_coupon()

    answer = client.get(page("coupon_change", coupon.pk))

    assert answer.status_code == 200
    assert "_save" not in text(answer)


def test_sending_needs_its_own_right(client):
    sign_in(client, "view_coupon", "change_coupon", "view_coupondispatch")
    coupon = make_coupon()

    assert client.get(page("coupon_send", coupon.pk)).status_code == 403
    assert client.post(page("coupondispatch_send"), {}).status_code == 403


def test_content_leaves_a_trail(client, boss):
    client.post(page("hotword_add"), {"word_zh": "茶", "word_en": "tea", "sort": 1})
    word = HotWord.objects.get()
    client.post(page("hotword_change", word.pk), {"word_zh": "茶", "word_en": "teas", "sort": 1})
    client.post(page("hotword_delete", word.pk), {"post": "yes"})

    assert not HotWord.objects.exists()
    trail = AuditEntry.objects.order_by("pk").values_list("verb", "before", "after")
    assert list(trail)[1:] == [
        ("promotions.place_content", {"word_en": "tea"}, {"word_en": "teas"}),
        (
            "promotions.remove_content",
            {"id": word.pk, "word_zh": "茶", "word_en": "teas", "sort": 1},
            {},
        ),
    ]


def test_news_lead_into_the_shop_only(client, boss):
    sent = {
        "title_zh": "春茶到了",
        "title_en": "Spring tea is here",
        "level": "news",
        "starts_at_0": "2026-11-22",
        "starts_at_1": "10:00",
    }

    for link in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        assert errors_of(client.post(page("announcement_add"), {**sent, "link": link}))
    link = "/category/tea/"
    assert client.post(page("announcement_add"), {**sent, "link": link}).status_code == 302

    assert Announcement.objects.get().link == link


def test_the_worth_of_points_is_one_row_that_comes_with_the_shop(client, boss):
    url = page("pricingsettings_change", 1)
    assert client.get(url).status_code == 200

    client.post(url, {"points_unit": 100, "points_unit_fen": "0.5", "points_cap_bp": 30})

    row = PricingSettings.objects.get()
    assert (row.points_unit_fen, row.points_cap_bp, row.version) == (50, 3_000, 2)
    assert client.get(page("pricingsettings_add")).status_code == 403
