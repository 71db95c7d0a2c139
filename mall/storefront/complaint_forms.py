"""The form of an infringement complaint: it checks shapes, the verb checks the papers (C-63)."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from catalog.models import Complaint
from catalog.services import Claim
from mall.storefront.after_sale_forms import ManyFilesInput, PicturesField
from mall.storefront.forms import TextField

ACCEPTED = "application/pdf,image/jpeg,image/png"
WORDS = ("right", "right_number", "holder", "contact", "phone", "email", "text")


def _papers(label: Any) -> PicturesField:
    return PicturesField(
        label=label,
        help_text=_("PDF, JPEG or PNG, at most 5 MB each, 6 files in all."),
        widget=ManyFilesInput(attrs={"accept": ACCEPTED}),
    )


def _rights() -> list[tuple[str, str]]:
    return [(right.value, str(capfirst(right.label))) for right in Complaint.Right]


class ComplaintForm(forms.Form):
    """Whose right, which one, what infringes it, and the papers that prove both."""

    right = forms.ChoiceField(label=_("Which right?"), choices=_rights)
    right_number = TextField(label=_("Number of the right"), max_length=80)
    holder = TextField(label=_("Holder of the right"), max_length=80)
    contact = TextField(label=_("Your name"), max_length=40)
    phone = TextField(
        label=_("Phone"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.EmailField(label=_("E-mail"), max_length=120)
    text = TextField(
        label=_("What infringes it?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    rights = _papers(_("Proof of your right"))
    evidence = _papers(_("Evidence of the infringement"))
    is_true = forms.BooleanField(
        label=_("What I say is true, and I answer for it."),
        error_messages={"required": _("Without this statement we cannot look into it.")},
    )

    def claim(self) -> Claim:
        """What was typed, for the verb."""
        return Claim(**{name: self.cleaned_data[name] for name in WORDS})

    def papers(self) -> dict[str, list[Any]]:
        """The uploads by kind."""
        return {name: self.cleaned_data[name] for name in ("rights", "evidence")}
