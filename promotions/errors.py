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


class CampaignWrongStatus(ShopError):
    """The campaign or plan is not where this deed begins."""

    code = "promotions.wrong_status"
    message = _("%(title)s is not ready for this: its status is %(status)s.")


class PlanNotReady(ShopError):
    """The teams have not agreed on the plan yet."""

    code = "promotions.plan_not_ready"
    message = _("%(title)s is not ready: %(reason)s.")


class PlanMessageSent(ShopError):
    """A message of a plan that went out is neither changed nor taken away."""

    code = "promotions.plan_message_sent"
    message = _("“%(message)s” went out already and stays as it is: write a new message instead.")


class SecondPersonNeeded(ShopError):
    """Who wrote it does not approve it."""

    code = "promotions.second_person_needed"
    message = _("%(title)s has to be approved by somebody who did not write it.")
    http_status = 403


class BudgetSpent(ShopError):
    """A campaign of the quote has not enough of its budget left for this order."""

    code = "promotions.budget_spent"
    message = _("A promotion of this order has just ended. Please look at the new price.")


class OverrideByMaker(ShopError):
    """Nobody answers for the findings of a campaign they wrote themselves."""

    code = "promotions.override_by_maker"
    message = _("Somebody other than the writer of the campaign has to answer for its findings.")
    http_status = 403


class NothingToOverride(ShopError):
    """No red finding stands between this version and its publication."""

    code = "promotions.nothing_to_override"
    message = _("Nothing blocks %(title)s: there is nothing to answer for.")


class OfferOver(ShopError):
    """The activity is not on now, or does not sell these goods."""

    code = "promotions.offer_over"
    message = _("This offer is over, or has not begun yet.")


class OfferSoldOut(ShopError):
    """The activity's quota does not hold as many pieces as were asked for."""

    code = "promotions.offer_sold_out"
    message = _("Sold out in this offer: %(left)s left.")


class OfferBusy(ShopError):
    """More shoppers than the database should see at once, or one who asks too often."""

    code = "promotions.offer_busy"
    message = _("Very many people want this right now. Please try again in a moment.")
    http_status = 429
    retry_after_seconds = 1


class ReminderTooLate(ShopError):
    """Nobody is reminded of what has begun."""

    code = "promotions.reminder_too_late"
    message = _("It has begun already: have a look.")


class OfferLimitReached(ShopError):
    """The member would have more pieces of the activity than one may have."""

    code = "promotions.offer_limit_reached"
    message = _("One person may have %(allowed)s of these in this offer.")


class CouponBudgetSpent(ShopError):
    """What the coupon may cost in all has been used up."""

    code = "promotions.coupon_budget_spent"
    message = _("The budget of this coupon is used up.")


class TierNotMet(ShopError):
    """The coupon is for other tiers."""

    code = "promotions.tier_not_met"
    message = _("This coupon is for members of another tier.")


class LiveSessionNotOn(ShopError):
    """The coupon is given out only while its live session runs."""

    code = "promotions.live_session_not_on"
    message = _("This coupon can be claimed only while the live session is on.")


class PositionNeeded(ShopError):
    """The coupon is for people near a place, and the shopper has not said where they are."""

    code = "promotions.position_needed"
    message = _("This coupon is for people nearby: share your position to claim it.")


class TooFarAway(ShopError):
    """The shopper is not near enough to the place."""

    code = "promotions.too_far_away"
    message = _("You are %(metres)s m away; this coupon is for people within %(within)s m.")


class CodeUnknown(ShopError):
    """No such code, or not one that works now."""

    code = "promotions.code_unknown"
    message = _("This code does not exist, or is not valid now.")
    http_status = 404


class CodeUsedUp(ShopError):
    """The code has been redeemed as often as it works."""

    code = "promotions.code_used_up"
    message = _("This code has already been redeemed.")


class ShareNotOn(ShopError):
    """Nothing is given for shared links now."""

    code = "promotions.share_not_on"
    message = _("Nothing is given for sharing at the moment.")


class OwnLink(ShopError):
    """Members come by the links of others, not by their own."""

    code = "promotions.own_link"
    message = _("This is your own link: send it to a friend.")


class DeedRefused(ShopError):
    """A limit of deeds was reached, or the origin is blocked (P-65)."""

    code = "promotions.deed_refused"
    message = _("Too often from one %(origin)s: not this time.")
    http_status = 429


class OriginBlocked(DeedRefused):
    """An operator has shut the device, address or member out."""

    code = "promotions.origin_blocked"
    message = _("This offer is not open to you. Customer service can tell you more.")
    http_status = 403


class PacketFundClosed(ShopError):
    """The fund is not live now."""

    code = "promotions.packet_fund_closed"
    message = _("No packet is opened from this fund now.")


class PacketFundSpent(ShopError):
    """The budget has not so much left."""

    code = "promotions.packet_fund_spent"
    message = _("The budget of this fund is spent.")


class PacketEmpty(ShopError):
    """Every share was taken."""

    code = "promotions.packet_empty"
    message = _("All shares of this red packet are taken.")


class PacketOver(ShopError):
    """Its time is up, or it was taken back."""

    code = "promotions.packet_over"
    message = _("This red packet is over.")


class PacketTaken(ShopError):
    """One share a member."""

    code = "promotions.packet_taken"
    message = _("You have a share of this red packet already.")


class LotteryClosed(ShopError):
    """It has not begun, is paused or over."""

    code = "promotions.lottery_closed"
    message = _("Nobody can draw here at the moment.")


class LotteryRuns(ShopError):
    """Odds of a running draw do not change; pause it first."""

    code = "promotions.lottery_runs"
    message = _("Pause the draw before you change it: its odds are published.")


class NoDrawsLeft(ShopError):
    """The member has drawn as often as one may today."""

    code = "promotions.no_draws_left"
    message = _("You have drawn %(draws_a_day)s times today. Come back tomorrow.")


class PrizeGone(ShopError):
    """No piece of the prize is left; a draw that meets it is the blank."""

    code = "promotions.prize_gone"
    message = _("This prize is gone.")


class TeamFull(ShopError):
    """Every seat of the team is taken."""

    code = "promotions.team_full"
    message = _("This group is full. Open a new one, or join another.")


class TeamOver(ShopError):
    """The team's time is over."""

    code = "promotions.team_over"
    message = _("The time of this group is over. Open a new one, or join another.")


class AlreadyInTeam(ShopError):
    """One member has one seat in a team."""

    code = "promotions.already_in_team"
    message = _("You are in this group already: share it with your friends.")


class NewBuyersOnly(ShopError):
    """The offer is for members who have not bought here before."""

    code = "promotions.new_buyers_only"
    message = _("This offer is for those who buy here for the first time.")


class BargainOver(ShopError):
    """The bargain's time is over, or it has been ordered."""

    code = "promotions.bargain_over"
    message = _("This bargain is over.")


class OwnBargain(ShopError):
    """Prices are cut by friends, not by oneself."""

    code = "promotions.own_bargain"
    message = _("This is your own bargain: send it to your friends.")


class AlreadyHelped(ShopError):
    """A friend helps once."""

    code = "promotions.already_helped"
    message = _("You have helped with this bargain already.")


class FloorReached(ShopError):
    """Nothing is left to cut."""

    code = "promotions.floor_reached"
    message = _("The lowest price is reached: nothing is left to cut.")


class BlocksNotValid(ShopError):
    """A page's blocks cannot be drawn; ``findings`` says which fields are wrong and why."""

    code = "promotions.blocks_not_valid"
    message = _("The page was not saved: %(findings)s")
    http_status = 400


class DraftMoved(ShopError):
    """Somebody else saved the draft in the meantime."""

    code = "promotions.draft_moved"
    message = _("Somebody else saved this draft a moment ago. Look at it, then change it again.")


class NothingToRelease(ShopError):
    """The page has no such version."""

    code = "promotions.nothing_to_release"
    message = _("%(title)s has no version to publish.")


class ReleaseInPast(ShopError):
    """A page cannot have been published yesterday."""

    code = "promotions.release_in_past"
    message = _("Choose a moment that is still to come.")


class ReleaseNotPlanned(ShopError):
    """Only what has not begun yet can be called off."""

    code = "promotions.release_not_planned"
    message = _("This release has begun or was called off before.")


class ColoursUnreadable(ShopError):
    """Texts in these colours cannot be read by everybody (WCAG AA)."""

    code = "promotions.colours_unreadable"
    message = _("These colours cannot be read: %(findings)s")
    http_status = 400


class PopUpNotValid(ShopError):
    """A pop-up lacks what its rule needs."""

    code = "promotions.pop_up_not_valid"
    message = _("The pop-up was not saved: %(reason)s")
    http_status = 400


class PosterFontMissing(ShopError):
    """The machine has no font that can write Chinese: install fonts-noto-cjk (M-65)."""

    code = "promotions.poster_font_missing"
    message = _("Posters cannot be drawn here just now. The link works without one.")
    http_status = 503


class HelpVersionKept(ShopError):
    """A published version of a help page says what it said: consents name it (M-60)."""

    code = "promotions.help_version_kept"
    message = _(
        "Version %(version)s was published with other words, and readers may have agreed to them. "
        "Give the new words a version of their own."
    )
