"""One error family for machine and human: API, pages and admin all render a ``ShopError``.

Subclass it in ``<app>/errors.py`` with a frozen code and a translated sentence, raise it from a
verb with the facts, and let it travel: the API turns it into problem+json, the storefront
into a message, an admin action into a notice. Nothing else needs to know it.
"""

from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class ShopError(Exception):
    """A rule of the shop said no. Subclass it; never raise it bare.

    ``facts`` fill the named placeholders of ``message`` and reach API clients as they are, so
    they hold plain JSON values and nothing secret.
    """

    code: ClassVar[str]
    message: ClassVar["str | _StrPromise"]
    http_status: ClassVar[int] = 409
    retry_after_seconds: ClassVar[int | None] = None

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message) % self.facts


class InvalidInput(ShopError):
    """One field holds what the shop does not take; ``field`` names it, ``allowed`` says what it
    takes."""

    code = "kernel.invalid_input"
    message = _("%(field)s is not valid. Allowed: %(allowed)s.")
    http_status = 400


class NotFound(ShopError):
    """The thing is not there, or is not yours: the same answer for both."""

    code = "kernel.not_found"
    message = _("There is nothing here.")
    http_status = 404


class Busy(ShopError):
    """A lock or a retry ran out; nothing was changed and the same request may be sent again."""

    code = "kernel.busy"
    message = _("Too many people are doing this at once. Nothing was changed, please try again.")
    http_status = 503
    retry_after_seconds = 1


class TooMany(ShopError):
    """A limit on how often something may be done."""

    code = "kernel.too_many"
    message = _("That is too often. Please try again in %(retry_after_seconds)s seconds.")
    http_status = 429


class Conflict(ShopError):
    """Somebody else changed the object in the meantime."""

    code = "kernel.conflict"
    message = _("Somebody changed this in the meantime. Load it again and repeat your change.")
