"""What promotions tell people."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.notify import MessageTemplate

COUPON_RECEIVED = MessageTemplate(
    code="promotions.coupon_received",
    title=_("A coupon for you"),
    body=_("%(title)s is in your account. Have a look when it ends."),
)
GROUP_COMPLETE = MessageTemplate(
    code="promotions.group_complete",
    title=_("Your group is complete"),
    body=_("Everybody is in. We pack your order next."),
)
GROUP_NOT_COMPLETE = MessageTemplate(
    code="promotions.group_not_complete",
    title=_("Your group was not complete in time"),
    body=_("Your order is cancelled, and the whole payment goes back to where you paid from."),
)
BARGAIN_CUT = MessageTemplate(
    code="promotions.bargain_cut",
    title=_("Your friends have reached the lowest price"),
    body=_("It is yours for ¥%(price_yuan)s: order it before the time is over."),
)
FLASH_BEGINS = MessageTemplate(
    code="promotions.flash_begins",
    title=_("A flash sale begins soon"),
    body=_("%(title)s begins at %(time)s. Be there in time."),
)
BUDGET = MessageTemplate(
    code="promotions.budget",
    title=_("A campaign's budget is nearly spent"),
    body=_("%(title)s has spent ¥%(spent)s of ¥%(budget)s. At the end it stops by itself."),
)

PLAN_NOTICE = MessageTemplate(
    code="promotions.plan_notice", title=_("%(title)s"), body=_("%(text)s")
)
PLAN_SMS = MessageTemplate(
    code="promotions.plan_sms", title=_("%(title)s"), body=_("%(text)s"), channels=("sms",)
)
PLAN_BY_HAND = MessageTemplate(
    code="promotions.plan_by_hand",
    title=_("%(title)s: a message is due, %(channel)s"),
    body=_("For %(members)s members: %(text)s"),
)

TEMPLATES = (
    BUDGET,
    FLASH_BEGINS,
    COUPON_RECEIVED,
    GROUP_COMPLETE,
    GROUP_NOT_COMPLETE,
    BARGAIN_CUT,
    PLAN_NOTICE,
    PLAN_SMS,
    PLAN_BY_HAND,
)
