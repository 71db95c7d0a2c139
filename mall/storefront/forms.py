"""The forms of the shop: they check shapes; the verbs behind them check the shop's rules."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mall.kernel import regions
from mall.kernel.db import refuse_unsafe_text
from mall.kernel.db.fields import YuanFormField
from mall.kernel.errors import InvalidInput, ShopError
from members.services import normal_phone
from orders.presenting import CANCEL_REASONS
from orders.services import is_tax_no

MOST_PIECES = 999
BIGGEST_ID = 2**63 - 1
REGION_LEVELS = 4
WHOM = _("Who is the invoice for?")


def refuse(form: forms.BaseForm, error: ShopError) -> None:
    """Write a verb's refusal beside the field it is about, else above the form."""
    field = str(error.facts.get("field", "")) if isinstance(error, InvalidInput) else ""
    if field in form.fields:
        allowed = error.facts.get("allowed", "")
        form.add_error(field, _("Allowed: %(allowed)s.") % {"allowed": allowed})
    else:
        form.add_error(None, str(error))


class TextField(forms.CharField):
    """Text that can be stored. ``needed_for`` says when a field that may stay empty may not."""

    default_validators = [refuse_unsafe_text]

    def __init__(self, *, needed_for: Any = "", **kwargs: Any) -> None:
        self.needed_for = needed_for
        super().__init__(**kwargs)


class WholeField(forms.CharField):
    """ASCII digits and nothing else: no sign, no point, no exponent, no full-width figure."""

    def __init__(self, *, smallest: int = 1, biggest: int = BIGGEST_ID, **kwargs: Any) -> None:
        self.smallest, self.biggest = smallest, biggest
        super().__init__(max_length=19, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            raise ValidationError(_("A whole number is needed."))
        if not self.smallest <= int(text) <= self.biggest:
            raise ValidationError(
                _("A whole number from %(smallest)s to %(biggest)s is needed."),
                params={"smallest": self.smallest, "biggest": self.biggest},
            )
        return int(text)


def phone_field() -> TextField:
    """A mainland number, however it is typed; the verb behind the form reads it."""
    return TextField(
        label=_("Phone number"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )


def code_field() -> TextField:
    """The code of a text message."""
    return TextField(
        label=_("Code"),
        max_length=10,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 6}
        ),
    )


def password_field(label: Any, autocomplete: str, **kwargs: Any) -> forms.CharField:
    """A password as it was typed."""
    return TextField(
        label=label,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        **kwargs,
    )


class CodeLoginForm(forms.Form):
    """Signing in by a code."""

    phone = phone_field()
    code = code_field()


class AppForm(forms.Form):
    """Six digits that an authenticator app shows."""

    code = code_field()


class RedeemForm(forms.Form):
    """A coupon code, and the group whose link brought it."""

    code = TextField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    channel = TextField(max_length=60, required=False, widget=forms.HiddenInput)


class PasswordLoginForm(forms.Form):
    """Signing in by a password."""

    phone = phone_field()
    password = password_field(_("Password"), "current-password")


class RegisterForm(forms.Form):
    """Joining by a code, with or without a password."""

    phone = phone_field()
    code = code_field()
    password = password_field(
        _("Password"),
        "new-password",
        required=False,
        help_text=_("At least 8 characters, not only digits. You may also go without."),
    )
    consent = forms.BooleanField(label=_("I agree to the terms and the privacy policy"))


class PasswordResetForm(forms.Form):
    """A new password, by a code."""

    phone = phone_field()
    code = code_field()
    new_password = password_field(
        _("New password"), "new-password", help_text=_("At least 8 characters, not only digits.")
    )


class SmsCodeForm(forms.Form):
    """Asking for a code."""

    PURPOSES = (("login", ""), ("register", ""), ("reset", ""), ("verify", ""), ("bind", ""))

    phone = phone_field()
    purpose = forms.ChoiceField(choices=PURPOSES)


def yuan_field(label: Any, most_fen: int) -> YuanFormField:
    """An amount in yuan, cleaned to fen."""
    return YuanFormField(
        label=label,
        min_value=1,
        max_value=most_fen,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


class WithdrawForm(forms.Form):
    """Money out of the wallet; the code goes to the member's own phone."""

    amount_fen = yuan_field(_("Amount, ¥"), 10**9)
    code = code_field()


class PacketForm(forms.Form):
    """A red packet out of the wallet."""

    total_fen = yuan_field(_("Amount, ¥"), 20_000)
    shares = WholeField(
        label=_("For how many people"),
        biggest=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class CartAddForm(forms.Form):
    """One SKU, or a product and the chosen options, and how many."""

    sku_id = WholeField(required=False)
    product_id = WholeField(required=False)
    quantity = WholeField(biggest=MOST_PIECES)
    source = TextField(max_length=60, required=False)


class CartLineForm(forms.Form):
    """What to do with a line of the cart."""

    DEEDS = [(deed, "") for deed in ("set", "minus", "plus", "select", "deselect", "remove")]

    do = forms.ChoiceField(choices=DEEDS)
    quantity = WholeField(required=False, biggest=MOST_PIECES)

    def clean(self) -> dict[str, Any]:
        """The quantity that ``minus`` and ``plus`` lead to."""
        cleaned: dict[str, Any] = super().clean() or {}
        step = {"set": 0, "minus": -1, "plus": 1}.get(cleaned.get("do", ""))
        if step is not None and "quantity" in cleaned:
            if cleaned["quantity"] is None:
                raise ValidationError(_("A whole number is needed."))
            cleaned["quantity"] = min(max(cleaned["quantity"] + step, 1), MOST_PIECES)
        return cleaned


class AddressForm(forms.Form):
    """An address; its region comes from the four selects of the cascade."""

    name = TextField(
        label=_("Receiver"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = phone_field()
    detail = TextField(
        label=_("Street and number"),
        max_length=120,
        help_text=_("Road, number, building, room"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    tag = TextField(label=_("Label"), max_length=10, required=False)
    is_default = forms.BooleanField(label=_("Use it by default"), required=False)


def read_regions(data: Any) -> list[str]:
    """The chosen codes of the cascade, each below the one before; what does not fit is dropped."""
    chosen: list[str] = []
    for level in range(1, REGION_LEVELS + 1):
        code = data.get(f"region_{level}", "")
        parent = chosen[-1] if chosen else ""
        if code not in {region.code for region in regions.children(parent)}:
            break
        chosen.append(code)
    return chosen


class InvoiceForm(forms.Form):
    """Whom an invoice is for, where it is asked for by itself."""

    KINDS = (("personal", _("Personal")), ("company", _("Company")))

    invoice_kind = forms.ChoiceField(label=_("Invoice"), choices=KINDS)
    invoice_title = TextField(
        label=_("Invoice title"), max_length=100, error_messages={"required": WHOM}
    )
    invoice_tax_no = TextField(
        label=_("Tax number"), max_length=20, required=False, needed_for=_("needed by a company")
    )
    invoice_email = forms.EmailField(label=_("E-mail for the invoice"), required=False)

    def clean(self) -> dict[str, Any]:
        """A company's invoice names its tax number."""
        cleaned: dict[str, Any] = super().clean() or {}
        kind = cleaned.get("invoice_kind")
        tax_no = cleaned.get("invoice_tax_no") or ""
        if kind == "company" and not tax_no:
            self.add_error("invoice_tax_no", _("A company's invoice needs its tax number."))
        elif kind == "company" and not is_tax_no(tax_no):
            self.add_error("invoice_tax_no", _("This is no tax number of a company."))
        return cleaned

    def invoice(self) -> dict[str, str]:
        """The invoice of api.md, empty when none is wanted."""
        kind = self.cleaned_data.get("invoice_kind")
        if not kind:
            return {}
        names = ("title", "tax_no", "email")
        values = {name: self.cleaned_data.get(f"invoice_{name}", "") for name in names}
        return {"kind": kind, **{name: value for name, value in values.items() if value}}


class CheckoutForm(InvoiceForm):
    """Note and invoice of an order; who fetches it in a store."""

    RECEIVER = ("receiver_name", "receiver_phone")

    receiver_name = TextField(
        label=_("Who picks it up"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    receiver_phone = TextField(
        label=_("Phone number"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    note = TextField(
        label=_("Note to the shop"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    invoice_kind = forms.ChoiceField(
        label=_("Invoice"), choices=(("", _("No invoice")), *InvoiceForm.KINDS), required=False
    )
    invoice_title = TextField(
        label=_("Invoice title"),
        max_length=100,
        required=False,
        needed_for=_("needed for an invoice"),
    )
    field_order = (*RECEIVER, "note")

    def clean(self) -> dict[str, Any]:
        """Whom a wanted invoice is for, and who fetches an order that is fetched."""
        cleaned = super().clean()
        if cleaned.get("invoice_kind") and not cleaned.get("invoice_title"):
            self.add_error("invoice_title", WHOM)
        if self.data.get("delivery") == "pickup":
            self._check_receiver(cleaned)
        return cleaned

    def _check_receiver(self, cleaned: dict[str, Any]) -> None:
        """Who fetches an order has a name and a phone number."""
        if not cleaned.get("receiver_name"):
            self.add_error("receiver_name", _("Who picks it up?"))
        try:
            cleaned["receiver_phone"] = normal_phone(cleaned.get("receiver_phone", ""))
        except InvalidInput:
            self.add_error("receiver_phone", _("11 digits that begin with 1"))

    @property
    def receiver_fields(self) -> list[forms.BoundField]:
        """The fields of a pick-up."""
        return [self[name] for name in self.RECEIVER]

    @property
    def deal_fields(self) -> list[forms.BoundField]:
        """Note and invoice."""
        return [field for field in self if field.name not in self.RECEIVER]


class CancelForm(forms.Form):
    """Why an order is cancelled."""

    reason = forms.ChoiceField(label=_("Why do you cancel?"), choices=CANCEL_REASONS)
