"""What a keyed call can be refused for."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.errors import ShopError


class KeyRequired(ShopError):
    code = "idempotency.key_required"
    message = _("This call needs an Idempotency-Key header of 1 to 64 characters.")
    http_status = 400


class KeyInvalid(ShopError):
    code = "idempotency.key_invalid"
    message = _("An Idempotency-Key is 1 to 64 visible ASCII characters.")
    http_status = 400


class KeyReused(ShopError):
    code = "idempotency.key_reused"
    message = _("This Idempotency-Key was used for another request.")
    http_status = 422


class InFlight(ShopError):
    code = "idempotency.in_flight"
    message = _("The same request is being worked on. Please ask again in a second.")
    retry_after_seconds = 1
