"""What stock tells people."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.notify import MessageTemplate

PURCHASE_SUGGESTED = MessageTemplate(
    code="inventory.purchase_suggested",
    title=_("There is something to order"),
    body=_("%(pieces)s pieces for: %(title)s. The list of purchase suggestions has them."),
)
RESTOCK = MessageTemplate(
    code="inventory.restock",
    title=_("%(count)s SKUs are running low"),
    body=_("Suggested orders: %(skus)s. The list of alerts has them all."),
)
BACK_IN_STOCK = MessageTemplate(
    code="inventory.back_in_stock",
    title=_("Back in stock"),
    body=_("%(title)s can be bought again. You asked us to tell you."),
)
OVERSTOCK = MessageTemplate(
    code="inventory.overstock",
    title=_("%(count)s SKUs lie for too long"),
    body=_("More than the sales of %(days)s days: %(skus)s. The stock board has them all."),
)
SUPPLIER_ALERT = MessageTemplate(
    code="inventory.supplier_alert",
    title=_("%(count)s alerts about suppliers"),
    body=_("%(causes)s. The list of alerts has them all."),
)
SUPPLIER_DOCUMENT_SOON = MessageTemplate(
    code="inventory.supplier_document_soon",
    title=_("%(count)s documents of suppliers run out soon"),
    body=_("%(documents)s."),
)
SUPPLIER_DOCUMENT_OVER = MessageTemplate(
    code="inventory.supplier_document_over",
    title=_("%(count)s documents of suppliers have run out"),
    body=_("%(documents)s."),
)
ALL = (
    PURCHASE_SUGGESTED,
    RESTOCK,
    BACK_IN_STOCK,
    OVERSTOCK,
    SUPPLIER_ALERT,
    SUPPLIER_DOCUMENT_SOON,
    SUPPLIER_DOCUMENT_OVER,
)
