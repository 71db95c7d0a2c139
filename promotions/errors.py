"""What promotions refuse."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.errors import ShopError


class CouponSoldOut(ShopError):
    """Every piece of the coupon has been given out."""

    code = "promotions.coupon_sold_out"
    message = _("All of these coupons have been claimed.")


class CouponNotClaimable(ShopError):
    """The coupon is not given out now, or not to everybody."""

    code = "promotions.coupon_not_claimable"
    message = _("This coupon cannot be claimed at the moment.")


class CouponLimitReached(ShopError):
    """The member already has as many copies as one may have."""

    code = "promotions.coupon_limit_reached"
    message = _("You already have this coupon; one person may have %(allowed)s.")


class CouponNotUsable(ShopError):
    """A chosen coupon is used, locked by another order, not valid now, or not for these goods."""

    code = "promotions.coupon_not_usable"
    message = _("A chosen coupon cannot be used for this order.")


class CampaignNotReady(ShopError):
    """A campaign or coupon lacks what it must have before shoppers may see it."""

    code = "promotions.not_ready"
    message = _("%(title)s cannot go live: %(reason)s")


class OverrideByMaker(ShopError):
    """Nobody answers for the findings of a campaign they wrote themselves."""

    code = "promotions.override_by_maker"
    message = _("Somebody other than the writer of the campaign has to answer for its findings.")
    http_status = 403


class NothingToOverride(ShopError):
    """No red finding stands between this version and its publication."""

    code = "promotions.nothing_to_override"
    message = _("Nothing blocks %(title)s: there is nothing to answer for.")
