"""Why a provider's notice, or a carrier's call-back, was not believed, in words.

Source: O-36, O-19.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOTICE_REASONS: Mapping[str, str | Promise] = {
    "adapter_unknown": _("no such interface is switched on"),
    "algorithm_unknown": _("encrypted in a way nobody agreed on"),
    "amount_missing": _("no amount in it"),
    "amount_wrong": _("another amount than was asked for"),
    "body_malformed": _("cannot be read"),
    "currency_wrong": _("another currency"),
    "header_missing": _("not signed"),
    "key_unknown": _("signed with a key nobody knows"),
    "merchant_wrong": _("meant for another merchant"),
    "notice_id_missing": _("has no number"),
    "not_pushed": _("this carrier calls nobody back"),
    "notice_unexpected": _("of a kind nobody asked for"),
    "parcel_unknown": _("no such parcel"),
    "payment_unknown": _("no such payment"),
    "probe": _("a test of the provider, signed wrongly on purpose"),
    "provider_unknown": _("no such provider is switched on"),
    "refund_unknown": _("no such refund"),
    "resource_wrong": _("cannot be decrypted"),
    "serial_unknown": _("signed with a key nobody knows"),
    "signature_wrong": _("the signature is wrong"),
    "state_unknown": _("a state nobody knows"),
    "timestamp_old": _("too old"),
    "timestamp_wrong": _("its time is wrong"),
    "too_large": _("too large"),
    "transaction_known": _("its transaction belongs to another payment"),
    "transaction_missing": _("no transaction in it"),
}
