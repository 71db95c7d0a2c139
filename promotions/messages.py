"""What promotions tell people."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.notify import MessageTemplate

COUPON_RECEIVED = MessageTemplate(
    code="promotions.coupon_received",
    title=_("A coupon for you"),
    body=_("%(title)s is in your account. Have a look when it ends."),
)
