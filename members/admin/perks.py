"""The benefits of a tier as rows of fields: a sign and a few words in two languages each."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from mall.kernel.db import refuse_unsafe_text

ROWS = range(1, 7)
MOST_LETTERS = 40
USUAL = "gift"
SIGNS = (
    ("gift", pgettext_lazy("sign", "present")),
    ("tag", pgettext_lazy("sign", "price tag")),
    ("truck", pgettext_lazy("sign", "lorry")),
    ("wallet", pgettext_lazy("sign", "purse")),
    ("cake", pgettext_lazy("sign", "cake")),
    ("ticket", pgettext_lazy("sign", "coupon")),
    ("chat", pgettext_lazy("sign", "speech bubble")),
    ("head", pgettext_lazy("sign", "headset")),
    ("clock", pgettext_lazy("sign", "clock")),
    ("star", pgettext_lazy("sign", "star")),
    ("heart", pgettext_lazy("sign", "heart")),
    ("shield", pgettext_lazy("sign", "shield")),
    ("refund", pgettext_lazy("sign", "refund")),
    ("users", pgettext_lazy("sign", "people")),
)
"""Symbols of the storefront that suit a benefit."""


def _words(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=MOST_LETTERS,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )


def _sign() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=pgettext_lazy("sign", "Sign"),
        choices=SIGNS,
        initial=USUAL,
        required=False,
        widget=UnfoldAdminSelectWidget(),
    )


_FIELDS = {
    name: field
    for n in ROWS
    for name, field in (
        (f"perk_{n}_icon", _sign()),
        (f"perk_{n}_zh", _words(_("Benefit (Chinese)"))),
        (f"perk_{n}_en", _words(_("Benefit (English)"))),
    )
}
ROWS_OF_FIELDS = tuple((f"perk_{n}_icon", f"perk_{n}_zh", f"perk_{n}_en") for n in ROWS)

PerkFields: Any = type("PerkFields", (forms.ModelForm,), _FIELDS)


def shown_perks(perks: list[dict[str, str]]) -> dict[str, str]:
    """What the fields begin with."""
    return {
        f"perk_{n}_{name}": perk[name]
        for n, perk in zip(ROWS, perks, strict=False)
        for name in ("icon", "zh", "en")
        if name in perk
    }


def typed_perks(form: forms.ModelForm) -> list[dict[str, str]]:
    """The benefits that were typed; adds an error at a row that lacks its Chinese words."""
    perks = []
    for n in ROWS:
        perk = {name: form.cleaned_data.get(f"perk_{n}_{name}", "") for name in ("zh", "en")}
        if perk["en"] and not perk["zh"]:
            form.add_error(
                f"perk_{n}_zh", _("Shown where there are no English words: it is needed.")
            )
        if perk["zh"]:
            perks.append({"icon": form.cleaned_data.get(f"perk_{n}_icon") or USUAL, **perk})
    return perks
