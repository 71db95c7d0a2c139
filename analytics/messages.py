"""What care plans tell members: one message a run, in words of the occasion."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.notify import MessageTemplate

CARE = {
    "unpaid": MessageTemplate(
        code="analytics.care_unpaid",
        title=_("Your order waits for you"),
        body=_("It is not paid yet. %(title)s is in your account for a short while."),
    ),
    "cart": MessageTemplate(
        code="analytics.care_cart",
        title=_("Your cart waits for you"),
        body=_("What you chose is still there, and %(title)s with it. Have a look when it ends."),
    ),
    "repurchase": MessageTemplate(
        code="analytics.care_repurchase",
        title=_("Time for some more?"),
        body=_("Thank you for your order. %(title)s is for the next one."),
    ),
    "birthday": MessageTemplate(
        code="analytics.care_birthday",
        title=_("Happy birthday"),
        body=_("%(title)s is our present. Have a look when it ends."),
    ),
    "dormant": MessageTemplate(
        code="analytics.care_dormant",
        title=_("Long time no see"),
        body=_("%(title)s is in your account. Have a look when it ends."),
    ),
}
"""Message of a care plan by its kind."""
