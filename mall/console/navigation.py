"""The sidebar: screens grouped by work. Each operator sees what they may open, and nothing else."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Screen:
    """A model's list (``target`` is "app.Model") or a page of the console (its route name)."""

    target: str
    title: Words
    icon: str
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """A group of screens for one kind of work."""

    title: Words
    screens: tuple[Screen, ...]


MAP = (
    Work(
        _("Today"),
        (Screen("index", _("Workbench"), "space_dashboard"),),
    ),
    Work(
        _("Goods"),
        (
            Screen("catalog.Product", _("Products"), "inventory_2"),
            Screen("catalog.Sku", _("SKUs and prices"), "sell"),
            Screen("catalog.Category", pgettext_lazy("back office", "Categories"), "account_tree"),
            Screen("catalog.Brand", _("Brands"), "verified"),
            Screen("catalog.Media", _("Pictures"), "photo_library"),
            Screen("catalog.Video", _("Videos"), "movie"),
            Screen("catalog.ShortVideo", _("Short videos"), "slow_motion_video"),
            Screen("catalog.ProductCertificate", _("Papers of products"), "verified_user"),
            Screen("catalog.Complaint", _("Infringement cases"), "copyright"),
            Screen("goods_files", _("Goods by file"), "upload_file", "catalog.view_importjob"),
            Screen("catalog.PriceChange", _("Price changes"), "price_change"),
            Screen("catalog.PriceHistory", _("Price history"), "history_toggle_off"),
            Screen("catalog.CompetitorPrice", _("Competitors' prices"), "storefront"),
            Screen("catalog.PriceGuard", _("Price guard"), "shield"),
            Screen("catalog.SeasonTag", _("Seasons"), "wb_sunny"),
            Screen("catalog.RelatedCategory", _("Related categories"), "hub"),
            Screen("catalog.RelatedProduct", _("Related products"), "link"),
            Screen("catalog.SearchSynonym", _("Search synonyms"), "sync_alt"),
            Screen("catalog.SynonymProposal", _("Proposed synonyms"), "lightbulb"),
            Screen("catalog.SearchGap", _("Searches without result"), "search_off"),
            Screen("catalog.SearchLog", _("Search log"), "manage_search"),
            Screen("catalog.SearchClick", _("Clicks on results"), "ads_click"),
            Screen("catalog.SearchWord", _("Words of the shop"), "dictionary"),
            Screen("catalog.SearchBan", _("Banned hot words"), "block"),
            Screen("catalog.SearchPolicy", _("Search policy"), "tune"),
            Screen("catalog.ProductApproval", _("Approvals"), "fact_check"),
            Screen("catalog.ScreeningTerm", _("Screened words"), "spellcheck"),
            Screen("catalog.ScreeningPhrase", _("Allowed phrases"), "playlist_add_check"),
            Screen("catalog.Qualification", _("Qualifications"), "license"),
            Screen("catalog.QualificationKind", _("Kinds of qualification"), "contract"),
            Screen("catalog.PublishingPolicy", _("Publishing policy"), "gavel"),
            Screen("catalog.RegionSet", _("Region sets"), "public"),
            Screen("catalog.Shop", _("Shops"), "storefront"),
            Screen("catalog.FreightTemplate", _("Freight templates"), "local_shipping"),
        ),
    ),
    Work(
        _("Orders"),
        (
            Screen("orders.Order", _("Orders"), "receipt_long"),
            Screen("orders.OrderTask", _("Exception tasks"), "assignment_late"),
            Screen("orders.OrderCheck", _("Orders to check"), "fact_check"),
            Screen("packing", _("Packing queue"), "pallet", "orders.add_shipment"),
            Screen("orders.PickList", _("Pick lists"), "checklist"),
            Screen("orders.Shipment", _("Parcels"), "package_2"),
            Screen("parcels_file", _("Parcels by file"), "upload", "orders.add_shipment"),
            Screen("orders.Carrier", _("Carriers"), "local_shipping"),
            Screen(
                "carrier_ratings", _("Ranking of carriers"), "leaderboard", "orders.view_carrier"
            ),
            Screen("lead_times", _("Lead times"), "timer", "orders.view_shipment"),
            Screen("orders_export", _("Export orders"), "download", "orders.export_order"),
            Screen("pickup_desk", _("Pick-up desk"), "qr_code_scanner", "orders.verify_pickup"),
            Screen("orders.Pickup", _("Pick-ups in stores"), "storefront"),
            Screen("orders.Channel", _("Sales channels"), "hub"),
            Screen("orders.Payment", _("Payments"), "payments"),
            Screen("orders.Refund", _("Refunds"), "currency_exchange"),
            Screen("orders.AfterSale", _("After-sales"), "assignment_return"),
            Screen("orders.PickupRequest", _("Door pick-ups"), "doorbell"),
            Screen("orders.Compensation", _("Compensations"), "volunteer_activism"),
            Screen("orders.AfterSalePolicy", _("After-sales promises"), "rule_settings"),
            Screen("orders.ReturnFreightRule", _("Freight of returns"), "local_shipping"),
            Screen("orders.WarrantyRule", _("Rules of warranties"), "verified_user"),
            Screen("orders.Warranty", _("Warranties"), "workspace_premium"),
            Screen("orders.ServiceLimit", _("Service limits"), "speed"),
            Screen("orders.Review", _("Reviews"), "reviews"),
            Screen("orders.ReviewAppend", _("Additions to reviews"), "rate_review"),
            Screen("orders.Question", _("Questions about goods"), "quiz"),
            Screen("orders.Answer", _("Answers"), "forum"),
            Screen("orders.VoicesPolicy", _("Rules of reviews"), "rule_settings"),
            Screen("members.Ticket", _("Talks with shoppers"), "support_agent"),
            Screen("enquiries", _("What enquiries bring"), "insights", "members.view_ticket"),
            Screen("channel_report", _("What channels bring"), "lan", "orders.view_channel"),
            Screen("payment_report", _("How payments go"), "speed", "orders.view_paymentfailure"),
            Screen("orders.PaymentFailure", _("Failed payments"), "money_off"),
            Screen("orders.PaymentAlarm", _("Alarms of payments"), "notifications_active"),
            Screen("orders.PaymentPolicy", _("Alarm of payments"), "tune"),
            Screen("orders.RiskDecision", _("Risk list"), "gpp_maybe"),
            Screen("orders.RiskBlock", _("Blacklist"), "block"),
            Screen("orders.RiskPolicy", _("Risk policy"), "policy"),
            Screen("orders.DailyBill", _("Daily bills"), "account_balance"),
            Screen("orders.BillFinding", _("Differences of bills"), "difference"),
            Screen("orders.PaymentNotice", _("Payment notices"), "mark_email_read"),
            Screen("orders.TrackingPush", _("Carriers' call-backs"), "podcasts"),
            Screen("orders.ReviewPolicy", _("Rules of checking orders"), "rule_settings"),
            Screen("orders.FulfilmentPolicy", _("Targets of fulfilment"), "tune"),
            Screen("orders.Cart", _("Carts"), "shopping_cart"),
            Screen("orders.ImportBatch", _("Imported orders"), "upload_file"),
        ),
    ),
    Work(
        _("Stock"),
        (
            Screen("inventory.Store", _("Stores"), "store"),
            Screen("stock_board", _("Stock board"), "monitoring", "inventory.view_stockitem"),
            Screen("inventory.StockItem", _("Stock"), "warehouse"),
            Screen("inventory.RestockAlert", _("Restock alerts"), "notification_important"),
            Screen("inventory.PurchaseSuggestion", _("Purchase suggestions"), "add_shopping_cart"),
            Screen(
                "stock_shortages",
                _("Campaign goods that run short"),
                "production_quantity_limits",
                "promotions.view_campaign",
            ),
            Screen("inventory.Transfer", _("Transfers"), "local_shipping"),
            Screen("inventory.Stocktake", _("Stocktakes"), "checklist"),
            Screen("inventory.ReturnIntake", _("Returns coming in"), "assignment_return"),
            Screen("inventory.Disposal", _("Disposals of defects"), "delete_sweep"),
            Screen("inventory.StockLoss", _("Stock losses"), "broken_image"),
            Screen(
                "stock_losses", _("Losses of the warehouses"), "percent", "inventory.view_stockloss"
            ),
            Screen("stock_ages", _("Ages of stock"), "hourglass", "inventory.view_stockitem"),
            Screen("inventory.StockWatch", _("Back-in-stock wishes"), "notifications"),
            Screen("inventory.RestockPolicy", _("Rules of restocking"), "rule_settings"),
            Screen("inventory.StockMovement", _("Stock movements"), "swap_vert"),
            Screen("inventory.Reservation", _("Reserved pieces"), "bookmark"),
            Screen("inventory.Warehouse", _("Warehouses"), "home_work"),
            Screen("coverage", _("Coverage"), "map", "inventory.view_warehouse"),
            Screen("inventory.RoutingPolicy", _("Routing policy"), "alt_route"),
            Screen("inventory.AllocationLog", _("Allocations"), "conversion_path"),
            Screen("promises", _("Delivery promises"), "schedule", "inventory.view_allocationlog"),
        ),
    ),
    Work(
        _("Suppliers"),
        (
            Screen("inventory.Supplier", _("Suppliers"), "factory"),
            Screen("inventory.SupplierSku", _("Goods of suppliers"), "category"),
            Screen("inventory.PurchaseOrder", _("Purchase orders"), "shopping_cart_checkout"),
            Screen("orders.SubOrder", _("Sub-orders of partners"), "call_split"),
            Screen("orders.ForwardRoute", _("Ways to partners"), "alt_route"),
            Screen("orders.PartnerReport", _("Reports of partners"), "podcasts"),
            Screen("orders.DropshipPolicy", _("Rules of drop-shipping"), "tune"),
            Screen("inventory.SupplierAgreement", _("Agreements"), "contract"),
            Screen("inventory.SupplierDocument", _("Documents of suppliers"), "license"),
            Screen("inventory.SupplierScorecard", _("Scorecards"), "leaderboard"),
            Screen("inventory.SupplierAlert", _("Alerts about suppliers"), "warning"),
            Screen("inventory.SupplierSync", _("Stock messages"), "sync"),
            Screen("inventory.SupplierKey", _("Keys of suppliers"), "key"),
            Screen("inventory.SupplierStatement", _("Settlement statements"), "request_quote"),
            Screen("inventory.SupplierCharge", _("Suppliers' amounts"), "receipt"),
            Screen("inventory.SupplierFact", _("Facts about suppliers"), "fact_check"),
            Screen("inventory.SupplierPolicy", _("Rules for suppliers"), "rule_settings"),
        ),
    ),
    Work(
        _("Marketing"),
        (
            Screen("promotions.Campaign", _("Campaigns"), "campaign"),
            Screen(
                "promotions_campaignplan_month",
                _("Campaign calendar"),
                "calendar_month",
                "promotions.view_campaignplan",
            ),
            Screen("promotions.CampaignPlan", _("Campaign plans"), "flag"),
            Screen("promotions.YearlyEvent", _("Events of the year"), "event"),
            Screen("promotions.StockLock", _("Stock of flash sales"), "bolt"),
            Screen("promotions.Team", _("Teams of group buys"), "groups"),
            Screen("promotions.BargainStart", _("Members' bargains"), "content_cut"),
            Screen("promotions.Coupon", _("Coupons"), "confirmation_number"),
            Screen("promotions.CouponGrant", _("Members' coupons"), "loyalty"),
            Screen("promotions.CouponDispatch", _("Coupon dispatches"), "send"),
            Screen("promotions.CodeBatch", _("Coupon codes"), "password"),
            Screen("promotions.LiveSession", _("Live sessions"), "live_tv"),
            Screen("promotions.ShareRule", _("Share rules"), "share"),
            Screen("promotions.ShareCredit", _("Credited visits"), "group_add"),
            Screen("promotions.DeedRule", _("Limits of deeds"), "gpp_maybe"),
            Screen("promotions.DeedRecord", _("Deeds"), "fingerprint"),
            Screen("promotions.BlockedOrigin", _("Blocked origins"), "block"),
            Screen("analytics.CarePlan", _("Care plans"), "volunteer_activism"),
            Screen("analytics.CareRun", _("Care runs"), "history_toggle_off"),
            Screen("promotions.RedPacketFund", _("Red packet funds"), "savings"),
            Screen("promotions.RedPacket", _("Red packets"), "featured_seasonal_and_gifts"),
            Screen("promotions.Lottery", _("Lotteries"), "casino"),
            Screen("promotions.Draw", _("Draws"), "trophy"),
            Screen("orders.CharitySettings", _("Charity"), "volunteer_activism"),
            Screen("orders.Donation", _("Donations"), "favorite"),
            Screen("try_basket", _("Try a basket"), "shopping_basket", "promotions.view_campaign"),
            Screen("promotions.Rehearsal", _("Rehearsals"), "experiment"),
            Screen("promotions.RehearsalPolicy", _("Rules of rehearsal"), "rule_settings"),
            Screen("promotions.PricingSettings", _("Pricing settings"), "tune"),
            Screen("promotions.ContentPage", _("Pages and topics"), "dashboard_customize"),
            Screen("promotions.PopUp", _("Pop-ups"), "web_asset"),
            Screen("promotions.LandingPage", _("Landing pages"), "flight_land"),
            Screen(
                "landing_report",
                _("What landing pages bring"),
                "monitoring",
                "promotions.view_landingpage",
            ),
            Screen("promotions.HotPin", _("Pinned hot goods"), "keep"),
            Screen("promotions.HotSale", _("Ranking of hot goods"), "local_fire_department"),
            Screen("promotions.ZoneSettings", _("Hot and new zone"), "tune"),
            Screen("promotions.SiteSettings", _("Brand and legal lines"), "palette"),
            Screen("promotions.ShopPromise", _("Promises of the shop"), "verified"),
            Screen("promotions.Maintenance", _("Maintenance"), "construction"),
            Screen("promotions.Announcement", _("Announcements"), "breaking_news"),
            Screen("promotions.HotWord", _("Hot words"), "trending_up"),
            Screen("promotions.HelpPage", _("Help pages"), "help"),
        ),
    ),
    Work(
        _("Members"),
        (
            Screen("members.Member", _("Members"), "group"),
            Screen("members.Tier", _("Tiers"), "military_tech"),
            Screen("members.LoyaltyPolicy", _("Points and check-in"), "stars"),
            Screen("members.Segment", _("Segments"), "groups"),
            Screen("members.PointsEntry", _("Points ledger"), "toll"),
            Screen("members.GrowthEntry", _("Growth ledger"), "show_chart"),
            Screen("members.Wallet", _("Wallets"), "account_balance_wallet"),
            Screen("members.WalletEntry", _("Wallet ledger"), "receipt"),
            Screen("members.Withdrawal", _("Withdrawals"), "output"),
            Screen("members.WalletPolicy", _("Withdrawal rules"), "rule_settings"),
        ),
    ),
    Work(
        _("Reports"),
        (
            Screen("reports", _("Trade report"), "monitoring", "analytics.view_dailyreport"),
            Screen(
                "coupon_effects",
                _("Coupon effects"),
                "query_stats",
                "analytics.view_dailyreport",
            ),
            Screen("analytics.DailyReport", _("Daily figures"), "calendar_month"),
            Screen("analytics.DailyProduct", _("Daily product figures"), "leaderboard"),
            Screen("kernel.LedgerTransaction", _("Money ledger"), "account_balance"),
        ),
    ),
    Work(
        _("System"),
        (
            Screen("timers", _("Timed tasks"), "schedule", "kernel.view_taskrun"),
            Screen("kernel.TaskRun", _("Task runs"), "history"),
            Screen("invariants", _("Invariants"), "rule", "kernel.view_taskrun"),
            Screen("kernel.OutboxEvent", _("Outbox"), "outbox"),
            Screen("kernel.Message", _("Messages"), "mail"),
            Screen("kernel.AuditEntry", _("Audit trail"), "policy"),
            Screen("members.Account", _("Operators"), "badge"),
            Screen("auth.Group", _("Roles"), "admin_panel_settings"),
            Screen("axes.AccessAttempt", _("Failed sign-ins"), "lock_clock"),
        ),
    ),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups that have something for this operator, as unfold wants them. Queries: 0."""
    groups = [
        {"title": work.title, "items": [i for s in work.screens if (i := _item(s, request))]}
        for work in MAP
    ]
    _mark(groups, request.path)
    return [group for group in groups if group["items"]]


def _mark(groups: list[dict[str, Any]], path: str) -> None:
    """One screen is the one that is open: the longest address that begins this one."""
    items = [item for group in groups for item in group["items"]]
    home = reverse("admin:index")
    inside = [one["link"] for one in items if one["link"] != home and path.startswith(one["link"])]
    open_now = max(inside, key=len, default=path)
    for item in items:
        item["active"] = item["link"] == open_now


def _item(screen: Screen, request: HttpRequest) -> dict[str, Any] | None:
    if "." in screen.target:
        link = _list_link(screen.target, request)
    else:
        allowed = not screen.permission or request.user.has_perm(screen.permission)
        link = reverse(f"admin:{screen.target}") if allowed else ""
    return {"title": screen.title, "icon": screen.icon, "link": link} if link else None


def _list_link(label: str, request: HttpRequest) -> str:
    return list_url(label) if may_see(request, label) else ""


def may_see(request: HttpRequest, label: str) -> bool:
    """True when the model ("orders.Order") has a screen and this operator may open it."""
    screen = admin.site._registry.get(apps.get_model(label))
    return screen is not None and screen.has_view_or_change_permission(request)


def list_url(label: str, query: str = "") -> str:
    """The address of a model's list: "orders.Order" -> /admin/orders/order/?query."""
    path = _list_path(label)
    return f"{path}?{query}" if query else path


@cache
def _list_path(label: str) -> str:
    """Every page shows them all, and the console has one address in all languages."""
    return reverse(f"admin:{label.lower().replace('.', '_')}_changelist")


def row_url(request: HttpRequest, label: str, pk: object) -> str:
    """The address of one row, empty when this operator may not open it."""
    if not may_see(request, label):
        return ""
    return reverse(f"admin:{label.lower().replace('.', '_')}_change", args=[pk])
