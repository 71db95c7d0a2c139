"""The buttons of a row: those that its state has a use for. The verbs refuse all others anyway."""

from collections.abc import Collection, Mapping
from itertools import chain
from typing import Any

from django.contrib.admin.utils import unquote
from django.http import HttpRequest


class OffersByState:
    """``offers`` is state -> deeds of ``actions_detail``; a deed that no state names is always
    there. ``state_field`` is the column that tells, unless `state_of` knows better."""

    offers: Mapping[str, Collection[str]] = {}
    state_field = "status"

    def state_of(self, row: Any) -> str:
        """What ``offers`` knows the state of a row as."""
        return str(getattr(row, self.state_field, ""))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Unfold's own hook. Queries: 1."""
        shown = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        row = self.get_object(request, unquote(str(object_id)))  # type: ignore[attr-defined]
        offered = self.offers.get(self.state_of(row), ())
        idle = set(chain.from_iterable(self.offers.values())) - set(offered)
        meta = self.model._meta  # type: ignore[attr-defined]
        hidden = {f"{meta.app_label}_{meta.model_name}_{deed}" for deed in idle}
        return [deed for deed in shown if deed.action_name not in hidden]
