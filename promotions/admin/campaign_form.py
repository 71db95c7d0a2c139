"""What every campaign's form asks for; the numbers of its kind are in `promotions.admin.kinds`."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from mall.kernel.db.fields import YuanFormField
from mall.kernel.errors import InvalidInput
from promotions.admin.fields import ScopeForm
from promotions.admin.typed import LanesField, RegionsField, TiersField
from promotions.models import Campaign
from promotions.rulebook import read_rule
from promotions.services import CampaignValues, Goods

PLAIN = (
    "kind", "title_zh", "title_en", "starts_at", "ends_at", "priority", "exclusive_group",
    "budget_fen",
)  # fmt: skip
LISTS = ("tier_codes", "region_prefixes", "excludes")
SCOPE_FIELDS = (
    "scope_kind",
    "categories",
    "brands",
    "product_codes",
    ("scope_text_zh", "scope_text_en"),
)
STEPS = 5
Layout = tuple[Any, ...]


class CampaignForm(ScopeForm):
    """One campaign. A kind adds its own fields, says how they are laid out (``numbers``), and turns
    them into the rule's JSON and back."""

    numbers: ClassVar[Layout] = ()
    has_scope: ClassVar[bool] = True
    named: ClassVar[Mapping[str, str]] = {}
    """Fields of the rule that the form calls by another name."""

    tier_codes = TiersField(label=_("tiers"), help_text=_("None: for everybody."))
    region_prefixes = RegionsField(label=_("regions"), help_text=_("None: everywhere."))
    excludes = LanesField(
        label=_("shuts out"),
        help_text=_("What a line of the order may not have beside this campaign."),
    )
    budget_fen = YuanFormField(
        label=_("budget, ¥"),
        required=False,
        min_value=1,
        widget=UnfoldAdminDecimalFieldWidget(),
        help_text=_("What it may cost in all; it stops there. Empty: no limit."),
    )

    class Meta:
        model = Campaign
        fields = (*PLAIN, *LISTS, "plan", "scope_kind", "scope_text_zh", "scope_text_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:  # who may only look has no fields of the row
            self.fields["kind"].disabled = True
        if self.instance.pk:
            self.initial.update(self.typed_from(self.instance.rule))

    def rule_from(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        """The rule's JSON out of the cleaned fields. A kind overrides it."""
        return {}

    def typed_from(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        """The fields' first values out of the rule's JSON."""
        return {name: rule[name] for name in self.fields if name in rule}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["scope_ids"] = self.scope_ids() if self.has_scope else []
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("The end comes after the beginning."))
        cleaned["rule"] = self.rule_from(cleaned)
        if not self.errors:
            self._check_rule(cleaned)
        if not self.errors:
            self.instance.rule = cleaned["rule"]
        return cleaned

    def values(self, prices: Mapping[int, int], goods: tuple[Goods, ...]) -> CampaignValues:
        """What the verb takes."""
        plain = {name: self.cleaned_data[name] for name in (*PLAIN, *LISTS)}
        plan = self.cleaned_data["plan"]
        scope = {
            "scope_kind": self.cleaned_data["scope_kind"],
            "scope_text_zh": self.scope_text("zh"),
            "scope_text_en": self.scope_text("en"),
        }
        return CampaignValues(
            **plain,
            **(scope if self.has_scope else {}),
            plan_id=None if plan is None else plan.pk,
            rule=self.cleaned_data["rule"],
            prices=prices,
            goods=goods,
            scope_ids=self.cleaned_data["scope_ids"],
        )

    def _check_rule(self, cleaned: Mapping[str, Any]) -> None:
        try:
            read_rule(cleaned["kind"], cleaned["rule"])
        except InvalidInput as refusal:
            name = str(refusal.facts["field"])
            field = self.named.get(name, name)
            self.add_error(
                field if field in self.fields else None,
                _("Allowed: %(allowed)s.") % {"allowed": refusal.facts["allowed"]},
            )


def steps_of(**columns: forms.Field) -> type[forms.Form]:
    """A form of rows: for each column and each of 5 rows one field, ``<column>_<row>``."""

    fields = {
        f"{name}_{row}": deepcopy(field)
        for row in range(1, STEPS + 1)
        for name, field in columns.items()
    }
    return type("Steps", (forms.Form,), fields)


def step_layout(*columns: str) -> Layout:
    """The rows as the page shows them: a pair in a line."""
    return tuple(tuple(f"{name}_{row}" for name in columns) for row in range(1, STEPS + 1))


def typed_steps(typed: Mapping[str, Any], **columns: str) -> list[dict[str, Any]]:
    """The rows that hold something, as the rule's JSON calls their columns."""
    rows = [
        {key: typed.get(f"{name}_{row}") for name, key in columns.items()}
        for row in range(1, STEPS + 1)
    ]
    return [row for row in rows if any(value is not None for value in row.values())]


def shown_steps(steps: Any, **columns: str) -> dict[str, Any]:
    """The fields' first values out of the rule's rows."""
    return {
        f"{name}_{row}": step.get(key)
        for row, step in enumerate(steps[:STEPS], 1)
        for name, key in columns.items()
    }
