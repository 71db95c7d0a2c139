"""The forms of after-sales: they check shapes; the verbs behind them check the shop's promises."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mall.storefront.forms import TextField, WholeField
from mall.storefront.templatetags.mall_tags import day as day_words
from orders.models import AfterSale, OrderLine, PickupRequest, Reason
from orders.services import MOST_PICTURES, PickupWish, Wish

PIECES, SWAP = "pieces_", "swap_"
PICKUP_DAYS = 7


class ManyFilesInput(forms.ClearableFileInput):
    """Several pictures at once."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Up to six files; what is in them is looked at when they are kept."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        kept = [super(PicturesField, self).clean(file, initial) for file in files if file]
        if len(kept) > MOST_PICTURES:
            raise forms.ValidationError(
                _("At most %(most)s pictures belong to a case.") % {"most": MOST_PICTURES}
            )
        return kept


class AfterSaleForm(forms.Form):
    """What a buyer wants, why, and of which pieces; ``pieces_<line>`` fields are put in, and
    ``swap_<line>`` where an exchange may be for another size or colour."""

    kind = forms.ChoiceField(label=_("What would you like?"), choices=AfterSale.Kind.choices)
    reason = forms.ChoiceField(
        label=_("Why?"), choices=[("", _("Choose a reason")), *Reason.choices]
    )
    text = TextField(
        label=_("Tell us more"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    pictures = PicturesField(
        label=_("Pictures"),
        required=False,
        help_text=_("Up to 6, each at most 5 MB: JPEG, PNG or WebP."),
        widget=ManyFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    pickup_day = forms.DateField(
        label=_("Door pick-up on"),
        required=False,
        widget=forms.Select(),
        help_text=_("A carrier comes for the goods; leave it open to send them yourself."),
    )
    pickup_window = forms.ChoiceField(
        label=_("Between"),
        required=False,
        choices=[("", _("I send it myself")), *PickupRequest.Window.choices],
    )

    def __init__(
        self,
        *args: Any,
        lines: Iterable[tuple[OrderLine, int]],
        today: date,
        swaps: Mapping[int, Sequence[tuple[int, str]]],
        kinds: Collection[str],
        **kwargs: Any,
    ) -> None:
        """``lines`` are (line, pieces that can be asked about), ``swaps`` (SKU id, words) by
        line, ``kinds`` what can be asked for any of them; the only one is chosen."""
        super().__init__(*args, **kwargs)
        offered = [choice for choice in AfterSale.Kind.choices if choice[0] in kinds]
        kind: Any = self.fields["kind"]
        kind.choices = offered
        kind.initial = offered[0][0] if len(offered) == 1 else None
        self.swaps = swaps
        self.line_ids = []
        rows = list(lines)
        for line, most in rows:
            self.line_ids.append(line.pk)
            self.fields[f"{PIECES}{line.pk}"] = WholeField(
                smallest=0,
                biggest=most,
                required=False,
                initial=most if len(rows) == 1 else 0,
                label=_("Pieces"),
                widget=forms.Select(choices=[(number, number) for number in range(most + 1)]),
            )
        for line_id, choices in swaps.items():
            self.fields[f"{SWAP}{line_id}"] = forms.TypedChoiceField(
                label=_("Send me instead"),
                choices=[("", _("The same again")), *choices],
                coerce=int,
                empty_value=None,
                required=False,
            )
        days = [today + timedelta(days=n) for n in range(1, PICKUP_DAYS + 1)]
        shown = [(day.isoformat(), day_words(day)) for day in days]
        self.fields["pickup_day"].widget.choices = [("", _("No door pick-up")), *shown]

    @property
    def wish(self) -> Wish:
        """The cleaned wish."""
        typed = self.cleaned_data
        pieces = {pk: typed[f"{PIECES}{pk}"] for pk in self.line_ids if typed[f"{PIECES}{pk}"]}
        return Wish(typed["kind"], typed["reason"], pieces)

    @property
    def chosen(self) -> tuple[tuple[int, int], ...]:
        """Line and SKU of each exchange for another size or colour."""
        wanted = {pk: self.cleaned_data.get(f"{SWAP}{pk}") for pk in self.swaps}
        return tuple((pk, sku_id) for pk, sku_id in wanted.items() if sku_id)

    @property
    def pickup(self) -> PickupWish | None:
        """When a carrier shall come; None without both day and window."""
        day, window = self.cleaned_data["pickup_day"], self.cleaned_data["pickup_window"]
        return PickupWish(day, window) if day and window else None


class SendBackForm(forms.Form):
    """With whom the goods are on their way."""

    carrier = TextField(label=_("Carrier"), max_length=20)
    tracking_no = TextField(label=_("Tracking number"), max_length=40)
