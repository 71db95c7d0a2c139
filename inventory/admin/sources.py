"""What movements, losses and suggestions name as their source, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SOURCES: Mapping[str, str | Promise] = {
    "activity": _("activity"),
    "after_sale": pgettext_lazy("source", "after-sales case"),
    "archive": pgettext_lazy("source", "archive"),
    "disposal": pgettext_lazy("source", "disposal"),
    "import": pgettext_lazy("source", "import"),
    "opening": pgettext_lazy("source", "opening stock"),
    "operator": pgettext_lazy("source", "operator"),
    "order": _("order"),
    "presale": pgettext_lazy("source", "presale"),
    "purchase": pgettext_lazy("source", "purchase order"),
    "restock": pgettext_lazy("source", "restock alert"),
    "shipment": pgettext_lazy("source", "parcel"),
    "stocktake": pgettext_lazy("source", "stocktake"),
    "supplier_sync": pgettext_lazy("source", "supplier's message"),
    "transfer": pgettext_lazy("source", "transfer"),
}
