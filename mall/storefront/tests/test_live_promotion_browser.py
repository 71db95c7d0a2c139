"""The plan's live promotion clicked together in Chromium, and what three shoppers see of it (P-37).

A writer of the role marketing builds, rehearses and submits; an administrator approves; the writer
publishes; then an ordinary, a gold and a diamond member read the same receipt on every page.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils.timezone import localtime

from catalog.models import Product, Sku
from mall.celery import app
from mall.kernel import clock
from mall.storefront.tests.chromium import NARROW, WIDE, Hands, browser
from mall.storefront.tests.sale import put_up
from mall.storefront.tests.shop import make_shopper, make_words
from members.models import Member, Tier
from members.testing import PASSWORD, make_operator
from orders.models import Order
from orders.testing import make_flash_sale, make_order, make_presale
from promotions.models import Campaign, FindingOverride, Rehearsal
from promotions.testing import make_coupon, make_group_buy, make_pricing_settings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST_FEN, SALE_FEN, COST_FEN = 36_000, 30_000, 18_000
MINUS, FREE = "−", "免运费"
WRITER, CHECKER = "lin.yunying", "wang.zhuguan"
ADMIN = "/admin/promotions/campaign/"
LANGUAGES = {"zh": "", "en": "/en"}


@dataclass
class Stage:
    """What the promotion is about, who runs it, who buys."""

    product: Product
    shoppers: dict[str, Member]

    @property
    def sku(self) -> Sku:
        """The one piece."""
        return self.product.skus.get()


@pytest.fixture
def stage() -> Stage:
    """Headphones of ¥360 that six days of orders bought, two operators, a member a tier."""
    make_words()
    make_pricing_settings()
    product = put_up("头戴式降噪耳机", "digital", "数码家电", "headphones-n1", price_fen=LIST_FEN)
    product.skus.update(cost_fen=COST_FEN)
    now, buyer = clock.now(), make_shopper(nickname="周末", tier="silver")
    for day in range(1, 7):
        make_order(
            member=buyer, sku=product.skus.get(), paid=True, at=now - timedelta(days=day, hours=2)
        )
    call_command("ensure_roles", verbosity=0)
    for username, role in ((WRITER, "marketing"), (CHECKER, "admin")):
        account = make_operator(username=username, is_superuser=False)
        account.groups.set(Group.objects.filter(name=role))
    return Stage(
        product=product,
        shoppers={
            tier: make_shopper(nickname=name, tier=tier)
            for tier, name in (("normal", "小普"), ("gold", "小金"), ("diamond", "小钻"))
        },
    )


def test_P_37_a_campaign_is_built_rehearsed_approved_published_and_read(stage, live_server):
    with browser() as running:
        writer = at_desk(running, live_server, WRITER)
        checker = at_desk(running, live_server, CHECKER)
        tiers_bring_rates_only(checker)
        drafts = build(writer, stage)
        rehearse(writer, drafts)
        go_live(writer, checker, drafts)
        beat("orders.refresh_shelf")
        sale, *_others = drafts
        for width, tier, off, freight, total in (
            (NARROW, "normal", (), "5.00", "255.00"),
            (WIDE, "gold", ("12.50",), "5.00", "242.50"),
            (NARROW, "diamond", ("20.00",), FREE, "230.00"),
        ):
            shopper = at_door(running, live_server, stage.shoppers[tier], width)
            look_around(shopper, stage, sale)
            receipts(shopper, ["360.00", "60.00", "50.00", *off, freight], total)
            assert (shopper.complaints, shopper.strangers) == ([], [])
        look_in_both_languages(running, live_server, stage)
        assert writer.complaints + checker.complaints == []
        assert writer.strangers + checker.strangers == []

    placed = {order.member_id: order for order in Order.objects.filter(status="unpaid")}
    owed = {
        tier: (placed[one.pk].payable_fen, placed[one.pk].freight_fen)
        for tier, one in stage.shoppers.items()
    }
    assert owed == {"normal": (25_500, 500), "gold": (24_250, 500), "diamond": (23_000, 0)}


# ---------- the operators ----------


def at_desk(running, live_server, username: str, width: int = WIDE, language: str = "") -> Hands:
    """A window of the console, signed in."""
    hands = Hands.at(running, live_server.url, width)
    if language:
        speak(hands, language)
    hands.go("/admin/")
    hands.page.fill("#id_username", username)
    hands.page.fill("#id_password", PASSWORD)
    hands.follow("#login-form button[type=submit]", "/admin/")
    return hands


def speak(hands: Hands, language: str) -> None:
    """What the language menu of the console does."""
    hands.page.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": hands.origin}]
    )


def tiers_bring_rates_only(checker: Hands) -> None:
    """By configuration: gold pays 95 %, as it came; no tier brings free freight by itself."""
    for tier in Tier.objects.order_by("rank"):
        checker.go(f"/admin/members/tier/{tier.pk}/change/")
        checker.page.fill("[name=free_freight_fen]", "")
        checker.follow("[name=_save]", "/admin/members/tier/")
    rates = dict(Tier.objects.values_list("code", "rate_bp"))
    assert rates == {"normal": 10_000, "silver": 10_000, "gold": 9_500, "diamond": 9_200}
    assert set(Tier.objects.values_list("free_freight_fen", flat=True)) == {None}


def build(writer: Hands, stage: Stage) -> list[Campaign]:
    """A sale until the day after tomorrow, 满300减50, and free freight for diamond members."""
    now = clock.now()
    sale = begin(writer, "sale", ("降噪耳机两日特价", "Two days of headphones"), now)
    add_price(writer, stage.sku.code, "300")
    fifty = begin(writer, "threshold_off", ("满 300 减 50", "¥50 off ¥300"), now, saved=sale)
    writer.page.fill("[name=threshold_1]", "300")
    writer.page.fill("[name=off_1]", "50")
    freight = begin(
        writer, "free_freight", ("钻石会员包邮", "Free freight for Diamond"), now, saved=fifty
    )
    writer.page.fill("[name=freight_threshold]", "0")
    writer.page.select_option("[name=tier_codes]", "diamond", force=True)
    save(writer, freight)
    drafts = list(Campaign.objects.order_by("pk"))
    assert [one.kind for one in drafts] == ["sale", "threshold_off", "free_freight"]
    assert {(one.status, str(one.maker)) for one in drafts} == {("draft", WRITER)}
    return drafts


def begin(
    writer: Hands, kind: str, titles: tuple[str, str], at: datetime, *, saved: str = ""
) -> str:
    """Save the one before; choose a kind, name it and say how long."""
    if saved:
        save(writer, saved)
    writer.go(ADMIN)
    writer.follow(f"a[href$='{ADMIN}add/']", "/add/")
    writer.shoot("p37-kinds")
    writer.click(f"a[data-kind={kind}]")
    writer.page.fill("[name=title_zh]", titles[0])
    writer.page.fill("[name=title_en]", titles[1])
    for name, when in (("starts_at", at - timedelta(hours=1)), ("ends_at", at + timedelta(days=2))):
        local = localtime(when)
        writer.page.fill(f"[name={name}_0]", f"{local:%Y-%m-%d}")
        writer.page.fill(f"[name={name}_1]", f"{local:%H:%M:%S}")
    return titles[0]


def save(writer: Hands, title_zh: str) -> None:
    """The form's own button; back on the list the campaign is there."""
    writer.follow("[name=_save]", ADMIN)
    assert title_zh in writer.text("#result_list")


def add_price(writer: Hands, code: str, yuan: str) -> None:
    """One more row: the SKU by typing its code, its price in yuan."""
    writer.click(".add-row a, a.add-row")
    writer.click("[data-id$=sale_items-0-sku] .select2-selection")
    writer.page.fill(".select2-dropdown .select2-search__field", code)
    writer.page.locator(".select2-results__option--highlighted", has_text=code).click()
    writer.page.fill("[name=sale_items-0-price_fen]", yuan)


def rehearse(writer: Hands, drafts: list[Campaign]) -> None:
    """The whole set on the orders of the last days, as one; nothing found is red."""
    _sale, fifty, _freight = drafts
    writer.go(f"{ADMIN}{fifty.pk}/change/")
    writer.click(f"a[href*='/{fifty.pk}/rehearse']")
    writer.page.wait_for_url("**/rehearse/")
    for box in writer.page.locator("[name=others]").all():
        box.check()
    writer.click(".asof__acts button")
    writer.shows("progress")
    beat("analytics.run_rehearsals")
    writer.shows('[data-state="done"]')
    report = Rehearsal.objects.get()
    assert (report.state, report.campaigns.count()) == ("done", 3)
    assert writer.text("[data-figure=affected] strong") == "6"
    assert writer.page.locator("[data-level=red]").count() == 0
    in_both_languages(writer, "p37-rehearsal")


def go_live(writer: Hands, checker: Hands, drafts: list[Campaign]) -> None:
    """Without a budget each needs a second person: the writer has no such button."""
    for draft in drafts:
        deed(writer, draft, "submit")
        assert writer.page.locator(f"a[href*='/{draft.pk}/approve']").count() == 0
        deed(writer, draft, "publish")
        assert Campaign.objects.get(pk=draft.pk).status == "in_review"
        deed(checker, draft, "approve")
        deed(writer, draft, "publish")
    live = Campaign.objects.order_by("pk")
    assert [(one.status, str(one.checker)) for one in live] == [("live", CHECKER)] * 3
    assert not FindingOverride.objects.exists()
    in_both_languages(writer, "p37-campaign")
    writer.go(ADMIN)
    in_both_languages(writer, "p37-campaigns")
    writer.go("/admin/promotions/campaignplan/month/")
    assert writer.page.locator("[data-campaign]").count() == 3
    in_both_languages(writer, "p37-calendar")


def deed(hands: Hands, campaign: Campaign, name: str) -> None:
    """A button of the campaign's page, and the page that asks once more."""
    hands.go(f"{ADMIN}{campaign.pk}/change/")
    hands.click(f"a[href*='/{campaign.pk}/{name}']")
    hands.click("form.max-w-2xl button[type=submit]")
    hands.page.wait_for_load_state()


def in_both_languages(hands: Hands, name: str) -> None:
    """Pictures of the page at hand, wide and narrow, in Chinese and English."""
    for code, language in (("en", "en"), ("zh", "zh-hans")):
        speak(hands, language)
        for width in (NARROW, WIDE):
            hands.page.set_viewport_size({"width": width, "height": 900})
            hands.width = width
            hands.page.reload()
            hands.shoot(f"{name}-{code}")


# ---------- the shoppers ----------


def at_door(running, live_server, member: Member, width: int) -> Hands:
    """A shopper's window, signed in."""
    hands = Hands.at(running, live_server.url, width)
    hands.go("/login/?by=password&next=/cart/")
    hands.page.fill("[name=phone]", str(member.account.phone))
    hands.page.fill("[name=password]", PASSWORD)
    hands.follow(".gate__form form button:not([formaction])", "/cart/")
    return hands


def look_around(shopper: Hands, stage: Stage, sale: Campaign) -> None:
    """Badges on card and page, and a countdown to the end of the sale (P-18, P-20, P-39)."""
    shopper.go("/search/?q=耳机")
    card = shopper.text(".card").replace(" ", "")
    assert "限时折扣" in card
    assert "满300减50" in card
    shopper.go(f"/product/{stage.product.pk}/")
    assert "满300减50" in shopper.text(".product-info .chips").replace(" ", "")
    clocks = shopper.page.locator(".deal .countdown >> visible=true")
    assert clocks.count() == 1
    ends, now = (clocks.get_attribute(f"data-{name}") for name in ("ends", "now"))
    assert datetime.fromisoformat(str(ends)) == Campaign.objects.get(pk=sale.pk).ends_at
    assert abs(datetime.fromisoformat(str(now)) - clock.now()) < timedelta(seconds=30)
    assert clocks.locator("[data-d]").inner_text() == "1"


def receipts(shopper: Hands, steps: list[str], total: str) -> None:
    """Product page, cart and checkout say the same, fen by fen; then it is ordered."""
    assert slip(shopper) == (steps, total)
    put_in_cart(shopper)
    shopper.go("/cart/")
    assert slip(shopper) == (steps, total)
    shopper.go("/checkout/")
    assert slip(shopper) == (steps, total)
    shopper.click("button[name=do][value=place]")
    shopper.page.wait_for_url("**/pay/")


def put_in_cart(shopper: Hands) -> None:
    """The button of the product's page, and the word that it is done."""
    shopper.click("button[name=then][value=stay]")
    shopper.shows(".toast")


def slip(shopper: Hands) -> tuple[list[str], str]:
    """The receipt of the page: its amounts in order, and the total."""
    rows = shopper.page.locator(".receipt:visible .receipt__row dd").all_inner_texts()
    total = shopper.page.locator(".receipt__total .price").first.inner_text()
    found = re.search(r"[0-9,]+\.[0-9]{2}", total.replace("\n", ""))
    assert found is not None
    return [row.strip(MINUS + " ") for row in rows], found[0]


def look_in_both_languages(running, live_server, stage: Stage) -> None:
    """The gold member's pages, on phone and desk, with one piece more in the cart."""
    for width in (NARROW, WIDE):
        shopper = at_door(running, live_server, stage.shoppers["gold"], width)
        if width == NARROW:
            shopper.go(f"/product/{stage.product.pk}/")
            put_in_cart(shopper)
        for code, prefix in LANGUAGES.items():
            shopper.go(f"{prefix}/product/{stage.product.pk}/")
            shopper.shoot(f"p37-product-{code}")
            shopper.go(f"{prefix}/search/?q=耳机")
            shopper.shoot(f"p37-list-{code}")
            for page in ("cart", "checkout"):
                shopper.go(f"{prefix}/{page}/")
                shopper.shoot(f"p37-{page}-{code}")
        assert (shopper.complaints, shopper.strangers) == ([], [])


def beat(task: str) -> None:
    """What beat sends and the worker does, done here and now."""
    app.loader.import_default_modules()
    app.tasks[task].apply(throw=True)


# ---------- the pages of the other kinds ----------


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_pages_of_activities_and_coupons_fit_in_both_languages(stage, live_server, width):
    now, sku = clock.now(), stage.sku
    tea = put_up("明前龙井 一级 250g 罐装", "tea", "茶与咖啡", "longjing", price_fen=19_800)
    teapot = put_up("手工釉里红茶壶", "home", "家居家装", "teapot-red", price_fen=25_600)
    words = {"title_zh": "正午场", "title_en": "Noon session"}
    make_flash_sale(sku, tea.skus.get(), price_fen=9_900, at=now, **words)
    make_group_buy(teapot.skus.get(), price_fen=19_900, size=3, packet_fen=500)
    make_presale(sku=tea.skus.get(), price_fen=16_800, at=now)
    for values in (
        {"off_fen": 2_000, "threshold_fen": 20_000, "title_zh": "满 200 减 20"},
        {"kind": "rate", "rate_bp": 8_800, "cap_fen": 3_000, "title_zh": "88 折券"},
        {"kind": "free_freight", "title_zh": "免运费券"},
    ):
        make_coupon(**values)
    with browser() as running:
        shopper = at_door(running, live_server, stage.shoppers["gold"], width)
        for code, prefix in LANGUAGES.items():
            for name in ("flash", "group", "presale", "coupons"):
                shopper.go(f"{prefix}/{name}/")
                shopper.shoot(f"p37-{name}-{code}")
        assert (shopper.complaints, shopper.strangers) == ([], [])
