"""What each role may do, as data; ``ensure_roles()`` makes the groups say so (ATK-80, ATK-82).

Rights over people and rights (operators, roles) are the superuser's alone. Exceptions for one shop
are groups of its own: these are written again by every run.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Role:
    """A group's name, its title and its permissions as "app.codename"."""

    name: str
    title: str | Promise
    permissions: frozenset[str]


def _may(deeds: str, app: str, *models: str) -> Iterator[str]:
    """ "view change" on models of one app."""
    for model in models:
        for deed in deeds.split():
            yield f"{app}.{deed}_{model}"


SEES_GOODS = (
    *_may("view", "catalog", "product", "sku", "productmedia", "media", "category", "brand"),
    *_may("view", "catalog", "freighttemplate", "freightregion", "bundlepart"),
    *_may("view", "inventory", "stockitem"),
)
SEES_ORDERS = (
    *_may("view", "orders", "order", "orderline", "orderhistory"),
    *_may("view", "orders", "shipment", "shipmentline", "shipmenttrace"),
)
SHIPS_ELSEWHERE = (
    *_may("view change", "orders", "suborder"),
    *_may("view", "orders", "suborderline", "partnerreport", "forwardroute", "dropshippolicy"),
    "orders.forward_suborder",
)
"""What partners ship for us."""
DOES_TASKS = (
    *_may("view change", "orders", "ordertask"),
    *_may("view", "orders", "ordercheck"),
)
"""Exceptions are everybody's work, each kind of one role."""
SEES_STORES = (
    *_may("view", "inventory", "store"),
    *_may("view", "orders", "pickup", "channel"),
)
MODERATES = (
    *_may("view change", "orders", "review", "question"),
    *_may("view", "orders", "reviewappend", "answer"),
)
"""What buyers say: let through, hidden, answered."""
SEES_MONEY = (*_may("view", "orders", "payment", "refund"),)
SEES_CASES = (
    *_may("view", "orders", "aftersale", "aftersaleline", "aftersaleevent"),
    *_may("view", "orders", "pickuprequest", "compensation", "aftersalepolicy"),
    *_may("view", "orders", "returnfreightrule", "servicelimit"),
    *_may("view", "orders", "warranty", "warrantyrule"),
)
SEES_MEMBERS = (
    *_may("view", "members", "member", "tier", "pointsentry", "growthentry"),
    *_may("view", "promotions", "coupongrant"),
)
SEES_OFFERS = (
    *_may("view", "promotions", "campaign", "saleitem", "coupon"),
    *_may("view", "promotions", "team", "teamseat", "bargainstart", "bargainhelp"),
)
SEES_WALLETS = (*_may("view", "members", "wallet", "walletentry", "withdrawal"),)
SEES_GIFTS = (
    *_may("view", "promotions", "redpacketfund", "redpacket", "redpacketclaim"),
    *_may("view", "promotions", "lottery", "prize", "draw"),
    *_may("view", "orders", "charitysettings", "donation"),
)
"""Money that the shop gives away: packets, prizes, donations."""
SEES_REPORTS = (*_may("view", "analytics", "dailyreport", "dailyproduct"),)

PLANS = (
    *_may("view add change", "promotions", "campaignplan", "plancheck", "planphase"),
    *_may("view add change", "promotions", "planforecast", "activityitem", "yearlyevent"),
    *_may("delete", "promotions", "plancheck", "planphase", "planforecast", "activityitem"),
)

SERVICE = (
    *SEES_STORES,
    *DOES_TASKS,
    "orders.export_order",
    *SEES_CASES,
    *_may("add", "orders", "compensation"),
    "orders.approve_aftersale",
    *SEES_GOODS,
    *SEES_ORDERS,
    *SEES_MONEY,
    *SEES_MEMBERS,
    *SEES_WALLETS,
    *SEES_OFFERS,
    *_may("change", "orders", "order"),
    "orders.reprice_order",
    *MODERATES,
    *_may("view change", "members", "ticket"),
    *_may("view", "members", "ticketmessage"),
    *_may("view", "orders", "riskdecision"),
    *_may("view add delete", "orders", "riskblock"),
    *_may("view", "promotions", "helppage"),
    *_may("view", "kernel", "message"),
    "members.see_phone",
)
MARKETING = (
    *SEES_STORES,
    *SEES_GOODS,
    *SEES_MEMBERS,
    *SEES_OFFERS,
    *SEES_REPORTS,
    *SEES_GIFTS,
    *_may("add change", "promotions", "redpacketfund", "lottery", "prize"),
    *_may("delete", "promotions", "prize"),
    *_may("add change", "catalog", "product", "sku", "productmedia", "media", "category", "brand"),
    *_may("delete", "catalog", "productmedia"),
    *_may("add change delete", "catalog", "bundlepart"),
    *_may("view add", "catalog", "importjob"),
    *_may("view add change delete", "catalog", "attributedefinition", "searchsynonym"),
    *_may("view", "catalog", "searchlog", "searchclick", "searchgap", "synonymproposal"),
    *_may("view add delete", "catalog", "searchword", "searchban"),
    *_may("view", "catalog", "searchpolicy"),
    "catalog.decide_synonym",
    *_may("view", "catalog", "pricehistory", "pricechange", "priceguard"),
    *_may("view", "catalog", "productapproval", "publishingpolicy"),
    *_may("view add change", "catalog", "screeningterm", "screeningphrase"),
    *_may("view add change", "catalog", "qualification", "qualificationkind"),
    *_may("view add change", "catalog", "video", "productcertificate"),
    *_may("view add change delete", "catalog", "shortvideo"),
    *_may("view", "catalog", "complaint", "complaintpaper", "complaintentry"),
    "catalog.get_qualification_alerts",
    *_may("view add change delete", "catalog", "competitorprice", "seasontag", "relatedcategory"),
    *_may("view add change", "catalog", "regionset", "shop"),
    *_may("view add change", "members", "segment"),
    *_may("add change", "promotions", "campaign", "saleitem", "activityitem", "coupon"),
    *_may("delete", "promotions", "saleitem", "activityitem"),
    *_may("view add change", "promotions", "coupondispatch", "codebatch"),
    *_may("view add change delete", "promotions", "livesession", "deedrule"),
    *_may("view add change", "promotions", "sharerule"),
    *_may("view add delete", "promotions", "blockedorigin"),
    *_may("view", "promotions", "sharecredit", "deedrecord"),
    *PLANS,
    *_may("view add change", "analytics", "careplan"),
    *_may("view", "analytics", "carerun"),
    "promotions.export_codebatch",
    *_may("view add change", "promotions", "contentpage"),
    "promotions.publish_contentpage",
    *_may("view add change delete", "promotions", "popup", "hotpin"),
    *_may("view add change", "promotions", "landingpage", "landingvariant"),
    *_may("delete", "promotions", "landingvariant"),
    *_may("view", "promotions", "hotsale", "zonesettings", "sitesettings", "maintenance"),
    *_may("view add change delete", "promotions", "announcement", "hotword", "helppage"),
    *_may("view add change delete", "promotions", "shoppromise"),
    *_may("view", "promotions", "pricingsettings", "rehearsal", "rehearsalpolicy"),
    *MODERATES,
    "orders.reward_review",
    *_may("view change", "orders", "voicespolicy"),
    *_may("view add change", "orders", "warrantyrule"),
    *_may("view", "members", "ticket"),
    *_may("view add change delete", "catalog", "relatedproduct"),
)
SEES_SUPPLIERS = (
    *_may("view", "inventory", "supplier", "suppliersku", "supplieragreement", "supplierdocument"),
    *_may("view", "inventory", "purchaseorder", "purchaseorderline", "goodsreceipt"),
    *_may("view", "inventory", "supplierscorecard", "supplieralert", "suppliersync"),
    *_may("view", "inventory", "purchasesuggestion"),
)
PURCHASING = (
    *SHIPS_ELSEWHERE,
    *_may("add change", "orders", "forwardroute"),
    *SEES_GOODS,
    *SEES_SUPPLIERS,
    *_may("view", "inventory", "warehouse", "restockalert", "stockmovement"),
    *_may("add change", "inventory", "supplier", "suppliersku"),
    *_may("add change", "inventory", "supplieragreement", "supplierdocument"),
    *_may("view add change delete", "inventory", "suppliercontact"),
    *_may("add", "inventory", "purchaseorder", "suppliersync"),
    *_may("view", "inventory", "supplierkey", "supplierfact", "supplierpolicy"),
    *_may("view add", "inventory", "supplierstatement"),
    *_may("view", "inventory", "suppliercharge", "supplierstatementline"),
    "inventory.approve_purchaseorder",
    "inventory.move_supplier",
    "inventory.see_supplier_contacts",
    "inventory.get_supplier_alerts",
    "inventory.settle_purchasesuggestion",
    "inventory.get_restock_alerts",
    "catalog.see_cost",
    *_may("view change", "inventory", "restockpolicy"),
    *_may("view", "inventory", "stockwatch", "transfer", "stockloss"),
    *_may("add", "inventory", "transfer"),
    "inventory.mark_hits",
)
WAREHOUSE = (
    *DOES_TASKS,
    *SHIPS_ELSEWHERE,
    *_may("view", "orders", "picklist", "packing", "carrier", "carrierprice", "trackingpush"),
    *SEES_GOODS,
    *SEES_ORDERS,
    *_may("view", "orders", "aftersale", "aftersaleline", "aftersaleevent", "pickuprequest"),
    "orders.inspect_aftersale",
    *_may("add", "orders", "shipment"),
    *_may("view", "inventory", "warehouse", "stockmovement", "reservation", "restockalert"),
    *_may("add change", "inventory", "stockitem"),
    *_may("view", "inventory", "purchasesuggestion", "allocationlog", "routingpolicy"),
    *_may("view", "inventory", "stockloss", "returnintake", "stockwatch", "restockpolicy"),
    *_may("view add", "inventory", "transfer", "stocktake", "disposal"),
    *_may("change", "inventory", "stocktake"),
    "inventory.move_transfer",
    "inventory.approve_stocktake",
    "inventory.approve_disposal",
    "inventory.mark_hits",
    *SEES_SUPPLIERS,
    "inventory.receive_purchaseorder",
    "inventory.settle_purchasesuggestion",
    "inventory.get_restock_alerts",
    "members.see_phone",
)
STORE = (
    *SEES_GOODS,
    *SEES_STORES,
    "orders.verify_pickup",
)
FINANCE = (
    *SEES_STORES,
    *DOES_TASKS,
    "orders.export_order",
    "orders.export_phones",
    *_may("view", "orders", "carrier", "carrierprice"),
    *SEES_GOODS,
    *SEES_ORDERS,
    *SEES_CASES,
    *_may("change", "orders", "servicelimit", "returnfreightrule"),
    *_may("add", "orders", "servicelimit"),
    "orders.refund_aftersale",
    "orders.approve_compensation",
    *SEES_MONEY,
    *SEES_MEMBERS,
    *SEES_OFFERS,
    *SEES_REPORTS,
    *SEES_WALLETS,
    *SEES_GIFTS,
    *_may("view", "members", "walletpolicy"),
    "members.approve_withdrawal",
    "members.pay_withdrawal",
    *_may("view", "catalog", "pricehistory", "pricechange", "priceguard", "competitorprice"),
    *_may("view", "inventory", "stockmovement", "stockloss", "stocktake", "disposal"),
    "inventory.approve_stocktake",
    "inventory.approve_disposal",
    *_may("change", "orders", "refund"),
    *_may("view", "orders", "dailybill", "paymentfailure", "paymentalarm", "paymentpolicy"),
    "orders.get_payment_alarms",
    *_may("view", "orders", "riskdecision", "riskblock", "riskpolicy"),
    *_may("view change", "orders", "billfinding"),
    *_may("view", "orders", "paymentnotice", "importbatch", "importedline"),
    *_may("view", "promotions", "pricingsettings", "rehearsal", "rehearsalpolicy"),
    "promotions.override_findings",
    *_may("view", "kernel", "ledgertransaction", "ledgerentry", "auditentry"),
    "analytics.rebuild_dailyreport",
    *SEES_SUPPLIERS,
    *_may("view", "inventory", "supplierstatement", "suppliercharge", "supplierfact"),
    *_may("view", "inventory", "supplierstatementline"),
    "inventory.add_supplierstatement",
    "inventory.confirm_supplierstatement",
    "inventory.pay_supplierstatement",
    "inventory.see_supplier_contacts",
    "catalog.approve_pricechange",
    "catalog.see_cost",
)
ADMIN = (
    *_may("add change", "inventory", "store"),
    *_may("add change", "orders", "channel"),
    "orders.verify_pickup",
    "orders.supervise_ordertask",
    *_may("view add change", "orders", "carrier", "carrierprice"),
    *_may("delete", "orders", "carrierprice"),
    *_may("view add change", "orders", "reviewpolicy", "fulfilmentpolicy", "dropshippolicy"),
    *SERVICE,
    *MARKETING,
    *WAREHOUSE,
    *FINANCE,
    *PURCHASING,
    *_may("change", "members", "member", "tier"),
    *_may("view change", "members", "loyaltypolicy"),
    *_may("view", "members", "account"),
    *_may("change", "members", "walletpolicy"),
    *_may("change", "orders", "charitysettings", "returnfreightrule"),
    *_may("add change delete", "orders", "aftersalepolicy"),
    *_may("view", "auth", "group"),
    *_may("add change", "catalog", "freighttemplate"),
    *_may("add change delete", "catalog", "freightregion"),
    *_may("add change", "inventory", "warehouse"),
    *_may("view add change", "inventory", "routingpolicy"),
    *_may("view", "inventory", "allocationlog"),
    *_may("change", "inventory", "restockpolicy"),
    "inventory.correct_stockitem",
    *_may("change", "inventory", "supplierpolicy"),
    *_may("change", "promotions", "pricingsettings", "rehearsalpolicy"),
    *_may("change", "promotions", "zonesettings", "sitesettings", "maintenance"),
    "promotions.approve_campaign",
    "promotions.approve_campaignplan",
    *_may("change", "catalog", "priceguard", "publishingpolicy", "searchpolicy"),
    *_may("delete", "catalog", "qualification", "qualificationkind"),
    "catalog.decide_approval",
    "catalog.decide_complaint",
    *_may("delete", "catalog", "productcertificate"),
    *_may("view", "orders", "cart", "cartline"),
    *_may("view", "kernel", "taskrun", "outboxevent"),
    *_may("view delete", "axes", "accessattempt"),
    *_may("change", "orders", "riskpolicy", "paymentpolicy"),
    "kernel.run_task",
    "kernel.get_audit_alerts",
    "kernel.retry_outboxevent",
)

ROLES = (
    Role("service", _("Customer service"), frozenset(SERVICE)),
    Role("marketing", _("Marketing"), frozenset(MARKETING)),
    Role("warehouse", _("Warehouse"), frozenset(WAREHOUSE)),
    Role("purchasing", _("Purchasing"), frozenset(PURCHASING)),
    Role("finance", _("Finance"), frozenset(FINANCE)),
    Role("store", _("Store staff"), frozenset(STORE)),
    Role("admin", _("Administrator"), frozenset(ADMIN)),
)
TITLES = {role.name: role.title for role in ROLES}


class UnknownPermissions(ValueError):
    """The lists above name permissions that no model has."""


@transaction.atomic
def ensure_roles() -> list[Group]:
    """Make the groups and give each exactly its permissions; a rerun changes nothing.

    Queries: 2 a role and 1. Raises: UnknownPermissions.
    """
    wanted = frozenset().union(*(role.permissions for role in ROLES))
    known = _permissions(wanted)
    if lacking := wanted - known.keys():
        raise UnknownPermissions(", ".join(sorted(lacking)))
    groups = []
    for role in ROLES:
        group, _created = Group.objects.get_or_create(name=role.name)
        group.permissions.set([known[name] for name in role.permissions])
        groups.append(group)
    return groups


def _permissions(wanted: frozenset[str]) -> dict[str, Permission]:
    codes = [name.partition(".")[2] for name in wanted]
    rows = Permission.objects.filter(codename__in=codes).select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}": row for row in rows}
