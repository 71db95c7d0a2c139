"""What members can be refused."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.errors import ShopError, TooMany


class WrongCredentials(ShopError):
    """Phone unknown, password wrong, account closed or no shopper: one answer for all (ATK-60)."""

    code = "auth.wrong_credentials"
    message = _("The phone number or the password is not right.")
    http_status = 401


class CodeWrong(ShopError):
    code = "auth.code_wrong"
    message = _("This code is not right.")


class CodeExpired(ShopError):
    """No live code: never sent, used, or older than five minutes."""

    code = "auth.code_expired"
    message = _("This code is not valid any more. Please ask for a new one.")


class TooManyTries(TooMany):
    """Too many wrong codes or passwords."""

    code = "auth.too_many_tries"


class SmsNotSent(ShopError):
    code = "auth.sms_not_sent"
    message = _("The text message could not be sent. Please try again in a minute.")
    http_status = 503
    retry_after_seconds = 60


class PhoneTaken(ShopError):
    code = "auth.phone_taken"
    message = _("This phone number is registered already. Please sign in.")


class NotRegistered(ShopError):
    """Said only to somebody who has just proved that the phone is theirs."""

    code = "auth.not_registered"
    message = _("There is no account for this phone number yet. Please register.")


class PhoneNeeded(ShopError):
    code = "auth.phone_needed"
    message = _("Please allow us to read your phone number, so that we know your account.")


class WechatRefused(ShopError):
    code = "auth.wechat_refused"
    message = _("WeChat does not know this code any more. Please try again.")


class WechatAway(ShopError):
    code = "auth.wechat_away"
    message = _("WeChat does not answer. Please try again or sign in another way.")
    http_status = 503
    retry_after_seconds = 5


class AlreadyBound(ShopError):
    """The WeChat identity belongs to another account, or the account to another WeChat identity."""

    code = "auth.already_bound"
    message = _("This WeChat account is linked to another account.")


class SessionEnded(ShopError):
    """The refresh token was used before, was ended, or never was ours."""

    code = "auth.token_invalid"
    message = _("You have been signed out. Please sign in again.")
    http_status = 401


class PasswordRefused(ShopError):
    """Too short, too common or all digits; ``reason`` says which."""

    code = "auth.password_refused"
    message = _("Please choose another password. %(reason)s")
    http_status = 400


class NotEnoughPoints(ShopError):
    code = "members.not_enough_points"
    message = _("You have only %(available)s points.")


class CheckedInAlready(ShopError):
    code = "members.checked_in_already"
    message = _("You have checked in today. Come back tomorrow.")


class TooManyAddresses(ShopError):
    code = "members.too_many_addresses"
    message = _("You can keep at most %(limit)s addresses.")


class NotYoursToClose(ShopError):
    """Nobody shuts themselves out, and only a superuser a superuser."""

    code = "members.not_yours_to_close"
    message = _("You cannot shut this account out.")
    http_status = 403


class NotEnoughMoney(ShopError):
    """The wallet holds less than that, or it is frozen."""

    code = "members.not_enough_money"
    message = _("There is not that much in the wallet.")


class WithdrawalTooSmall(ShopError):
    """Below what the shop transfers; ``min_fen`` says from where on."""

    code = "members.withdrawal_too_small"
    message = _("This is less than the smallest withdrawal.")


class WithdrawalTooLarge(ShopError):
    """More than a member may withdraw in a day; ``left_fen`` is what is left of it."""

    code = "members.withdrawal_too_large"
    message = _("This is more than may be withdrawn in a day.")


class WithdrawalOver(ShopError):
    """It is not in the state that this step needs any more."""

    code = "members.withdrawal_over"
    message = _("This withdrawal was dealt with already.")


class SecondOperatorNeeded(ShopError):
    """Who approved money does not send it."""

    code = "members.second_operator_needed"
    message = _("You have approved this yourself: somebody else has to pay it.")
    http_status = 403


class NeedVerification(ShopError):
    """This deed asks for a second factor first; ``facts`` say for which deed, by which methods.

    Give a code to `me/verifications/` (or the page of the shop), then do the same again.
    """

    code = "auth.need_verification"
    message = _(
        "Please confirm that it is you: ask for a code by text message, enter it, and try again."
    )
    http_status = 403


class TicketClosed(ShopError):
    code = "members.ticket_closed"
    message = _("This talk is closed. Please begin a new one.")


class AppKnown(ShopError):
    """There is a confirmed authenticator app already, or none to confirm."""

    code = "auth.app_known"
    message = _("There is nothing to confirm: ask for a new secret first.")
