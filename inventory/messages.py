"""What stock tells people."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.notify import MessageTemplate

RESTOCK = MessageTemplate(
    code="inventory.restock",
    title=_("%(count)s SKUs are running low"),
    body=_("Suggested orders: %(skus)s. The list of alerts has them all."),
)
