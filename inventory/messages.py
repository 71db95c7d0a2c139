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
