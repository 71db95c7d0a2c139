"""The product's form: one field for each attribute of its category, and room for new pictures."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from catalog.admin.acting import refusals_as_errors
from catalog.admin.block_fields import BlocksField
from catalog.admin.video_fields import VideoForm
from catalog.models import (
    HEAD_WORDS,
    OWN_SHOP_ID,
    AttributeDefinition,
    Category,
    Media,
    Product,
    Shop,
)
from catalog.services import add_media, attribute_schema, check_bindable
from mall.kernel import clock
from mall.kernel.db import refuse_unsafe_text
from mall.kernel.db.fields import YuanFormField
from mall.kernel.words import localized

PREFIX = "attribute_"
ENGLISH = "_in_english"
FORM = "catalog_product_form"
MOST_PICTURES = 12


class PicturesInput(UnfoldAdminFileFieldWidget):
    """Several files at once."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Uploads that become stored pictures while the form is checked."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return any(data or [])

    def clean(self, data: Any, initial: Any = None) -> list[Media]:
        uploads = [item for item in data or [] if item]
        if len(uploads) > MOST_PICTURES:
            raise forms.ValidationError(_("Twelve pictures at most at a time."))
        with refusals_as_errors():
            return [add_media(file=super(PicturesField, self).clean(file)) for file in uploads]


class ProductForm(VideoForm):
    """What an operator writes of a product. Attribute fields are added by :func:`form_for`."""

    schema: Mapping[str, AttributeDefinition] = {}
    new_pictures = PicturesField(
        label=_("new pictures"),
        required=False,
        widget=PicturesInput(),
        help_text=_("JPEG, PNG or WebP, at most 5 MB and 25 megapixels each."),
    )

    blocks = BlocksField(label=_("detail blocks"), required=False)

    class Meta:
        model = Product
        fields = (
            "code",
            "title_zh",
            "title_en",
            "subtitle_zh",
            "subtitle_en",
            "category",
            "brand",
            "shop",
            "freight_template",
            "slug",
            "keywords",
            "blocks",
            "edition",
            "partner_zh",
            "partner_en",
            "total_limit",
            "member_limit",
            "sold_in",
            "promoted_in",
            *HEAD_WORDS,
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if shop := self.fields.get("shop"):  # absent for who only reads
            shop.required = False
        if self.instance.pk and "blocks" in self.fields:
            self.fields["blocks"].widget.has_papers = has_papers(self.instance)

    def clean_category(self) -> Category:
        category: Category = self.cleaned_data["category"]
        with refusals_as_errors():
            check_bindable(category)
        return category

    def clean_shop(self) -> Shop:
        """Goods that name no shop are our own."""
        return self.cleaned_data["shop"] or Shop.objects.get(pk=OWN_SHOP_ID)

    def clean_blocks(self) -> list[dict[str, Any]]:
        """What was typed; a form without the editor leaves them as they are."""
        typed = self.cleaned_data["blocks"]
        return list(self.instance.blocks if typed is None else typed)

    def attributes(self) -> dict[str, tuple[str, str]]:
        """The values typed, code -> (Chinese, English)."""
        typed = self.cleaned_data
        return {
            code: (
                str(typed.get(f"{PREFIX}{code}") or ""),
                str(typed.get(f"{PREFIX}{code}{ENGLISH}") or ""),
            )
            for code in self.schema
        }


def has_papers(product: Product) -> bool:
    """Whether a trust block of this product has papers to show today. Queries: 1."""
    return product.certificates.valid_on(clock.day_of(clock.now())).exists()


def form_for(request: HttpRequest, product: Product | None) -> type[ProductForm]:
    """The form with the attribute fields of the category chosen, posted or in the address.

    Made once a request: the admin asks for it several times. Queries: 3.
    """
    made: type[ProductForm] | None = getattr(request, FORM, None)
    if made is None:
        made = _make_form(request, product)
        setattr(request, FORM, made)
    return made


def _make_form(request: HttpRequest, product: Product | None) -> type[ProductForm]:
    schema = attribute_schema(category) if (category := _category(request, product)) else {}
    values = _values(product)
    fields: dict[str, Any] = {"schema": schema}
    for code, definition in schema.items():
        zh, en = values.get(code, ("", ""))
        fields[f"{PREFIX}{code}"] = _field(definition, zh)
        if definition.kind == AttributeDefinition.Kind.TEXT:
            fields[f"{PREFIX}{code}{ENGLISH}"] = _text(
                _("%(name)s in English") % {"name": localized(definition, "title")},
                en,
                required=False,
            )
    return type("ProductForm", (ProductForm,), fields)


def attribute_rows(form: type[ProductForm]) -> list[str | tuple[str, str]]:
    """The attribute fields of a form in order, both languages of one attribute side by side."""
    names = [f"{PREFIX}{code}" for code in form.schema]
    both = form.base_fields.keys()
    return [(name, name + ENGLISH) if name + ENGLISH in both else name for name in names]


def _category(request: HttpRequest, product: Product | None) -> Category | None:
    chosen = request.POST.get("category") or request.GET.get("category") or ""
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
        return Category.objects.filter(pk=chosen).first()
    return product.category if product else None


def _values(product: Product | None) -> dict[str, tuple[str, str]]:
    if product is None:
        return {}
    rows = product.attribute_values.values_list("definition__code", "value_zh", "value_en")
    return {code: (zh, en) for code, zh, en in rows}


def _field(definition: AttributeDefinition, value: str) -> forms.Field:
    unit = localized(definition, "unit")
    label = localized(definition, "title") + (f" ({unit})" if unit else "")
    if definition.kind == AttributeDefinition.Kind.CHOICE:
        choices = [("", "-")] + [
            (choice["zh"], localized(_titles(choice), "title")) for choice in definition.choices
        ]
        return forms.ChoiceField(
            label=label,
            choices=choices,
            required=definition.is_required,
            initial=value,
            widget=UnfoldAdminSelectWidget(),
        )
    if definition.kind == AttributeDefinition.Kind.NUMBER:
        return forms.DecimalField(
            label=label,
            required=definition.is_required,
            initial=_number(value),
            widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
        )
    return _text(label, value, required=definition.is_required)


def _number(value: str) -> Decimal | str:
    """As the field gives it back, so that what was not touched has not changed; what was a text
    before its attribute became a number stays as it is."""
    try:
        return Decimal(value)
    except InvalidOperation:
        return value


def _titles(choice: Mapping[str, str]) -> dict[str, str]:
    return {"title_zh": choice["zh"], "title_en": choice.get("en", "")}


def _text(label: Any, value: str, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=240,
        required=required,
        initial=value,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )


TypedAxis = tuple[tuple[str, str], list[tuple[str, str]]]


class MatrixForm(forms.Form):
    """Axes and values that make SKUs: one axis a line, such as 颜色|Colour: 红|Red, 蓝|Blue."""

    axes = forms.CharField(
        label=_("options"),
        max_length=4000,
        validators=[refuse_unsafe_text],
        help_text=_("One a line: 颜色|Colour: 红|Red, 蓝|Blue. SKUs that are there stay."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )
    price_fen = YuanFormField(label=_("price"), min_value=1, widget=UnfoldAdminTextInputWidget())
    list_price_fen = YuanFormField(
        label=_("list price"), min_value=1, required=False, widget=UnfoldAdminTextInputWidget()
    )
    weight_grams = forms.IntegerField(
        label=_("weight"),
        min_value=0,
        max_value=1_000_000,
        initial=0,
        help_text=_("Grams, packed."),
        widget=UnfoldAdminTextInputWidget(),
    )

    def clean_axes(self) -> list[TypedAxis]:
        lines = [line for line in self.cleaned_data["axes"].splitlines() if line.strip()]
        axes = [_axis(line) for line in lines]
        if not 1 <= len(axes) <= 3 or len({zh for (zh, _en), _values in axes}) < len(axes):
            raise forms.ValidationError(_("One to three lines, each with a name of its own."))
        return axes


def _axis(line: str) -> TypedAxis:
    title, colon, values = line.replace("：", ":").replace("，", ",").partition(":")
    name, words = _words(title), [_words(text) for text in values.split(",") if text.strip()]
    if not colon or not name[0] or len({zh for zh, _en in words if zh}) < max(len(words), 1):
        raise forms.ValidationError(_("This line cannot be read: %(line)s"), params={"line": line})
    if len(name[0]) > 20 or any(len(zh) > 40 for zh, _en in words):
        message = _("A word of this line is too long: %(line)s")
        raise forms.ValidationError(message, params={"line": line})
    return name, words


def _words(text: str) -> tuple[str, str]:
    zh, _bar, en = text.partition("|")
    return zh.strip(), en.strip()[:30]
