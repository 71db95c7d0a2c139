"""Roles: what each opens, what stays masked, that none gives itself more (ATK-80..83)."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import RequestFactory
from django.urls import resolve, reverse

from catalog.testing import make_product
from mall.console import roles
from mall.console.roles import ROLES, UnknownPermissions, ensure_roles
from mall.console.testing import client_of, make_clerk
from members.testing import make_operator

pytestmark = pytest.mark.django_db

NAMES = [role.name for role in ROLES]
S, M, W, P, F, T, A = NAMES

EVERYBODY = {S, M, W, P, F, T, A}
OPENS = {
    "analytics.CarePlan": {M, A},
    "analytics.CareRun": {M, A},
    "analytics.DailyProduct": {M, F, A},
    "analytics.DailyReport": {M, F, A},
    "auth.Group": {A},
    "axes.AccessAttempt": {A},
    "catalog.Brand": EVERYBODY,
    "catalog.Category": EVERYBODY,
    "catalog.Complaint": {M, A},
    "catalog.CompetitorPrice": {M, F, A},
    "catalog.FreightTemplate": EVERYBODY,
    "catalog.Media": EVERYBODY,
    "catalog.PriceChange": {M, F, A},
    "catalog.PriceGuard": {M, F, A},
    "catalog.PriceHistory": {M, F, A},
    "catalog.Product": EVERYBODY,
    "catalog.ProductCertificate": {M, A},
    "catalog.RelatedCategory": {M, A},
    "catalog.RelatedProduct": {M, A},
    "catalog.SearchSynonym": {M, A},
    "catalog.ProductApproval": {M, A},
    "catalog.PublishingPolicy": {M, A},
    "catalog.Qualification": {M, A},
    "catalog.QualificationKind": {M, A},
    "catalog.ScreeningPhrase": {M, A},
    "catalog.ScreeningTerm": {M, A},
    "catalog.SeasonTag": {M, A},
    "catalog.Sku": EVERYBODY,
    "catalog.ShortVideo": {M, A},
    "catalog.Video": {M, A},
    "inventory.Disposal": {W, F, A},
    "inventory.PurchaseOrder": {W, P, F, A},
    "inventory.PurchaseSuggestion": {W, P, F, A},
    "inventory.Reservation": {W, A},
    "inventory.RestockAlert": {W, P, A},
    "inventory.RestockPolicy": {W, P, A},
    "inventory.ReturnIntake": {W, A},
    "inventory.StockItem": EVERYBODY,
    "inventory.StockLoss": {W, P, F, A},
    "inventory.StockWatch": {W, P, A},
    "inventory.Stocktake": {W, F, A},
    "inventory.Transfer": {W, P, A},
    "inventory.StockMovement": {W, P, F, A},
    "inventory.Store": {S, M, F, T, A},
    "inventory.Supplier": {W, P, F, A},
    "inventory.SupplierAgreement": {W, P, F, A},
    "inventory.SupplierAlert": {W, P, F, A},
    "inventory.SupplierCharge": {P, F, A},
    "inventory.SupplierDocument": {W, P, F, A},
    "inventory.SupplierFact": {P, F, A},
    "inventory.SupplierKey": {P, A},
    "inventory.SupplierPolicy": {P, A},
    "inventory.SupplierScorecard": {W, P, F, A},
    "inventory.SupplierSku": {W, P, F, A},
    "inventory.SupplierStatement": {P, F, A},
    "inventory.SupplierSync": {W, P, F, A},
    "inventory.Warehouse": {W, P, A},
    "kernel.AuditEntry": {F, A},
    "kernel.LedgerTransaction": {F, A},
    "kernel.Message": {S, A},
    "kernel.OutboxEvent": {A},
    "kernel.TaskRun": {A},
    "members.Account": {A},
    "members.GrowthEntry": {S, M, F, A},
    "members.LoyaltyPolicy": {A},
    "members.Member": {S, M, F, A},
    "members.PointsEntry": {S, M, F, A},
    "members.Segment": {M, A},
    "members.Ticket": {S, M, A},
    "members.Tier": {S, M, F, A},
    "members.Wallet": {S, F, A},
    "members.WalletEntry": {S, F, A},
    "members.WalletPolicy": {F, A},
    "members.Withdrawal": {S, F, A},
    "orders.Answer": {S, M, A},
    "orders.BillFinding": {F, A},
    "orders.Carrier": {W, F, A},
    "orders.Cart": {A},
    "orders.Channel": {S, M, F, T, A},
    "orders.CharitySettings": {M, F, A},
    "orders.DailyBill": {F, A},
    "orders.Donation": {M, F, A},
    "orders.FulfilmentPolicy": {A},
    "orders.ImportBatch": {F, A},
    "orders.Order": {S, W, F, A},
    "orders.OrderCheck": {S, W, F, A},
    "orders.OrderTask": {S, W, F, A},
    "orders.Payment": {S, F, A},
    "orders.PaymentFailure": {F, A},
    "orders.PaymentNotice": {F, A},
    "orders.PickList": {W, A},
    "orders.Pickup": {S, M, F, T, A},
    "orders.Question": {S, M, A},
    "orders.Refund": {S, F, A},
    "orders.Review": {S, M, A},
    "orders.ReviewAppend": {S, M, A},
    "orders.ReviewPolicy": {A},
    "orders.Shipment": {S, W, F, A},
    "orders.TrackingPush": {W, A},
    "orders.VoicesPolicy": {M, A},
    "promotions.Announcement": {M, A},
    "promotions.BargainStart": {S, M, F, A},
    "promotions.BlockedOrigin": {M, A},
    "promotions.Campaign": {S, M, F, A},
    "promotions.CampaignPlan": {M, A},
    "promotions.CodeBatch": {M, A},
    "promotions.ContentPage": {M, A},
    "promotions.Coupon": {S, M, F, A},
    "promotions.CouponDispatch": {M, A},
    "promotions.CouponGrant": {S, M, F, A},
    "promotions.Draw": {M, F, A},
    "promotions.DeedRecord": {M, A},
    "promotions.DeedRule": {M, A},
    "promotions.HelpPage": {S, M, A},
    "promotions.HotPin": {M, A},
    "promotions.HotSale": {M, A},
    "promotions.LandingPage": {M, A},
    "promotions.Maintenance": {M, A},
    "promotions.PopUp": {M, A},
    "promotions.SiteSettings": {M, A},
    "promotions.ShopPromise": {M, A},
    "promotions.ZoneSettings": {M, A},
    "promotions.HotWord": {M, A},
    "promotions.Lottery": {M, F, A},
    "promotions.LiveSession": {M, A},
    "promotions.PricingSettings": {M, F, A},
    "promotions.ShareCredit": {M, A},
    "promotions.ShareRule": {M, A},
    "promotions.RedPacket": {M, F, A},
    "promotions.RedPacketFund": {M, F, A},
    "promotions.Rehearsal": {M, F, A},
    "promotions.RehearsalPolicy": {M, F, A},
    "promotions.Team": {S, M, F, A},
    "promotions.YearlyEvent": {M, A},
    "catalog.RegionSet": {M, A},
    "catalog.SearchBan": {M, A},
    "catalog.SearchClick": {M, A},
    "catalog.SearchGap": {M, A},
    "catalog.SearchLog": {M, A},
    "catalog.SearchPolicy": {M, A},
    "catalog.SearchWord": {M, A},
    "catalog.SynonymProposal": {M, A},
    "catalog.Shop": {M, A},
    "inventory.AllocationLog": {W, A},
    "inventory.RoutingPolicy": {W, A},
    "orders.AfterSale": {S, W, F, A},
    "orders.AfterSalePolicy": {S, F, A},
    "orders.Compensation": {S, F, A},
    "orders.DropshipPolicy": {W, P, A},
    "orders.ForwardRoute": {W, P, A},
    "orders.PartnerReport": {W, P, A},
    "orders.PaymentAlarm": {F, A},
    "orders.PaymentPolicy": {F, A},
    "orders.PickupRequest": {S, W, F, A},
    "orders.ReturnFreightRule": {S, F, A},
    "orders.RiskBlock": {S, F, A},
    "orders.RiskDecision": {S, F, A},
    "orders.RiskPolicy": {F, A},
    "orders.ServiceLimit": {S, F, A},
    "orders.SubOrder": {W, P, A},
    "orders.Warranty": {S, F, A},
    "orders.WarrantyRule": {S, M, F, A},
}
"""Who opens which list. A new screen is the superuser's alone until roles.py and this name it."""


def address(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("role", NAMES)
def test_each_role_opens_its_lists_and_no_other(role):
    clerk = make_clerk(role)

    opened = {model._meta.label for model in admin.site._registry if opens(model, clerk)}

    assert opened == {label for label, roles in OPENS.items() if role in roles}


def opens(model, clerk):
    """True when the list's own view lets them in. It is not drawn: test_navigation.py draws what a
    role sees, and what it is refused looks alike everywhere."""
    request = RequestFactory().get(address(model))
    request.user, request.session = clerk, {}
    view = resolve(request.path)
    try:
        answer = view.func(request, *view.args, **view.kwargs)
    except PermissionDenied:
        return False
    assert answer.status_code == 200
    return True


def test_a_role_opens_nothing_for_who_does_not_hold_it():
    nobody = make_operator(is_superuser=False)
    client = client_of(nobody)

    answers = {client.get(address(model)).status_code for model in list(admin.site._registry)[::9]}

    assert answers == {403}
    assert not any(opens(model, nobody) for model in admin.site._registry)


def test_making_the_roles_twice_changes_nothing_and_once_mends_what_was_changed():
    ensure_roles()
    before = {group.name: set(group.permissions.all()) for group in Group.objects.all()}
    Group.objects.get(name="service").permissions.set(Permission.objects.all()[:3])

    call_command("ensure_roles", verbosity=0)

    assert {group.name: set(group.permissions.all()) for group in Group.objects.all()} == before
    assert set(before) == set(NAMES)
    assert len(before["service"]) == len(ROLES[0].permissions)


def test_groups_of_the_shops_own_are_left_alone():
    own = Group.objects.create(name="周末班")
    own.permissions.set(Permission.objects.all()[:2])

    ensure_roles()

    assert own.permissions.count() == 2


def test_a_permission_that_no_model_has_is_named(monkeypatch):
    wrong = roles.Role("service", "x", frozenset({"orders.fly_order"}))
    monkeypatch.setattr(roles, "ROLES", (wrong,))

    with pytest.raises(UnknownPermissions, match="orders.fly_order"):
        ensure_roles()

    assert not Group.objects.exists()


# ---------- nobody gives himself more (ATK-82) ----------

RIGHTS = {"is_superuser": "on", "is_staff": "on", "is_active": "on", "groups": ["1"]}


@pytest.mark.parametrize("role", NAMES)
def test_nobody_changes_operators_or_roles_his_own_least_of_all(role):
    clerk = make_clerk(role)
    client, group = client_of(clerk), clerk.groups.get()
    held = set(group.permissions.all())
    attacks = [
        address(type(clerk), "change", clerk.pk),
        address(type(clerk), "change", clerk.pk) + "?_popup=1",
        address(type(clerk), "add"),
        address(Group, "change", group.pk),
        address(Group, "change", group.pk) + "?_popup=1&_to_field=id",
        address(Group, "add"),
        address(Group, "delete", group.pk),
        reverse("admin:auth_user_password_change", args=[clerk.pk]),
    ]
    more = Permission.objects.exclude(pk__in=[own.pk for own in held])
    wanted = [permission.pk for permission in more[:300]]

    answers = {
        path: client.post(
            path, {"username": "x", "name": "x", "permissions": wanted, **RIGHTS}
        ).status_code
        for path in attacks
    }

    clerk.refresh_from_db()
    assert set(answers.values()) == {403}, answers
    assert not clerk.is_superuser
    assert list(clerk.groups.all()) == [group]
    assert set(group.permissions.all()) == held


@pytest.mark.parametrize("role", NAMES)
def test_the_trail_cannot_be_edited_by_any_role(role):
    client = client_of(make_clerk(role))

    for page in ("add", "delete", "change"):
        path = f"/admin/kernel/auditentry/{'add/' if page == 'add' else f'1/{page}/'}"
        assert client.post(path, {"post": "yes"}).status_code in (302, 403)
    assert client.get("/admin/kernel/auditentry/add/").status_code == 403


@pytest.mark.parametrize(
    ("role", "field"),
    [(S, "members.Account.groups"), (W, "auth.Group.permissions"), (W, "orders.Order.member")],
)
def test_autocomplete_tells_nothing_that_the_list_would_not(role, field):
    app, model, name = field.split(".")
    query = {"app_label": app, "model_name": model.lower(), "field_name": name, "term": "1"}

    answer = client_of(make_clerk(role)).get(reverse("admin:autocomplete"), query)

    assert answer.status_code == 403


# ---------- masked columns (ATK-83, INV-38) ----------

MASKED = [
    model for model, screen in admin.site._registry.items() if getattr(screen, "masked_fields", ())
]
COST = 98_765


@pytest.fixture
def costly():
    product = make_product()
    sku = product.skus.get()
    type(sku).objects.filter(pk=sku.pk).update(cost_fen=COST)
    return sku


def screens_with_cost(sku):
    return [
        address(type(sku)),
        address(type(sku), "change", sku.pk),
        address(type(sku.product), "change", sku.product.pk),
    ]


@pytest.mark.parametrize("role", [S, M, W])
def test_cost_is_in_no_list_and_no_form_without_the_right_to_see_it(role, costly):
    client = client_of(make_clerk(role))

    for path in screens_with_cost(costly):
        text = client.get(path).content.decode()
        assert "987.65" not in text, path
        assert "cost_fen" not in text, path


@pytest.mark.parametrize("role", [F, A])
def test_cost_is_shown_to_who_may_see_it(role, costly):
    client = client_of(make_clerk(role))

    assert all("987.65" in client.get(path).content.decode() for path in screens_with_cost(costly))


@pytest.mark.parametrize(
    "query", ["cost_fen=98765", "cost_fen__gte=500", "cost_fen__in=98765", "cost_fen__isnull=False"]
)
@pytest.mark.parametrize("role", [S, M, W])
def test_cost_is_no_oracle_by_look_up(role, query, costly):
    answer = client_of(make_clerk(role)).get(f"{address(type(costly))}?{query}")

    assert answer.status_code == 400


@pytest.mark.parametrize("query", ["product__skus__cost_fen__gte=1", "skus__cost_fen__gte=1"])
def test_cost_is_no_oracle_through_a_relation(query, costly):
    client = client_of(make_clerk(M))

    for model in (type(costly), type(costly.product)):
        assert client.get(f"{address(model)}?{query}").status_code in (302, 400)


@pytest.mark.parametrize("model", MASKED, ids=lambda model: model._meta.label)
def test_every_masked_field_is_refused_as_a_look_up_and_as_an_order(model):
    screen = admin.site._registry[model]
    viewer = make_operator(is_superuser=False)
    viewer.user_permissions.add(
        Permission.objects.get(
            codename=f"view_{model._meta.model_name}", content_type__app_label=model._meta.app_label
        )
    )
    client, columns = client_of(viewer), {field.name for field in model._meta.get_fields()}
    masked = [name for name in screen.masked_fields if name in columns]

    assert masked
    for name in masked:
        assert client.get(f"{address(model)}?{name}__gte=1").status_code == 400
        assert client.get(f"{address(model)}?o={name}").status_code in (200, 302)
        assert name not in screen.get_list_display(client.get(address(model)).wsgi_request)
        assert name not in screen.get_search_fields(client.get(address(model)).wsgi_request)
