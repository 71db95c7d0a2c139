"""A typed form for each kind of block, made of the fields that the kind has: no JSON for operators.

Source: X-05. The form only shapes values; ``promotions.content`` judges them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.admin import site
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from catalog.models import Category, Media, Product, RegionSet, SeasonTag, Video
from catalog.services import add_media
from mall.kernel.db import refuse_unsafe_text
from members.models import Segment
from promotions import content
from promotions.admin.typed import TiersField
from promotions.content_words import FIELD_NAMES
from promotions.models import ContentPage, Coupon, CouponGrant, HotPin

SLUGS: dict[str, tuple[Any, str]] = {
    "category": (Category, "slug"),
    "season": (SeasonTag, "code"),
    "segment": (Segment, "code"),
    "region_set": (RegionSet, "code"),
}
AUDIENCES = (
    ("everybody", _("everybody")),
    ("guests", _("guests")),
    ("members", _("members")),
    ("new", _("new members")),
    ("tiers", _("tiers")),
    ("segment", _("a segment")),
)
INK_NAMES = {"home": _("home"), "fresh": _("fresh food"), "tea": _("tea")}
LAYOUTS = {"grid": _("grid"), "strip": _("one row"), "rank": _("ranking")}


class ChosenInOrder(forms.ModelMultipleChoiceField):
    """Goods or coupons, as numbers in the order in which they were chosen."""

    def clean(self, value: Any) -> Any:
        """A list of numbers, where Django gives rows."""
        known = {row.pk for row in super().clean(value)}
        chosen = [int(one) for one in value or ()]
        return [one for one in dict.fromkeys(chosen) if one in known]


class Instant(forms.SplitDateTimeField):
    """A date and a time, cleaned to ISO 8601."""

    def clean(self, value: Any) -> str | None:
        found = super().clean(value)
        return found.isoformat() if found else None

    def prepare_value(self, value: Any) -> Any:
        return content.read_instant(value) if isinstance(value, str) else value


def form_fields(fields: Iterable[content.Field]) -> dict[str, forms.Field]:
    """Form fields of a block's or a tile's fields; a text is two of them, a picture also an
    upload."""
    found: dict[str, forms.Field] = {}
    for field in fields:
        found.update(_one(field))
    return found


def _one(field: content.Field) -> dict[str, forms.Field]:
    label = FIELD_NAMES.get(field.name, field.name)
    match field:
        case content.Words():
            return _words(field, label)
        case content.Audience():
            return _audience()
        case content.Ref(of="media"):
            return _picture(field, label)
        case content.Tiles():
            return {}
    return {field.name: _plain(field, label)}


def _plain(field: content.Field, label: Any) -> forms.Field:
    common: dict[str, Any] = {"label": label, "required": field.is_required}
    match field:
        case content.Whole():
            return forms.IntegerField(
                min_value=field.least,
                max_value=field.most,
                widget=UnfoldAdminIntegerFieldWidget(),
                **common,
            )
        case content.Choice():
            choices = [(one, _choice_name(one)) for one in field.options]
            return forms.ChoiceField(choices=choices, widget=UnfoldAdminSelectWidget(), **common)
        case content.Slug():
            model, column = SLUGS[field.of]
            return forms.ModelChoiceField(
                model.objects.all(),
                to_field_name=column,
                widget=UnfoldAdminSelectWidget(),
                **common,
            )
        case content.Ref():
            return forms.ModelChoiceField(
                Video.objects.order_by("-pk"), widget=UnfoldAdminSelectWidget(), **common
            )
        case content.Refs():
            return _chosen(field, common)
        case content.Instant():
            return Instant(widget=UnfoldAdminSplitDateTimeWidget(), **common)
    return forms.CharField(
        max_length=200,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("A path of this shop, such as /category/tea/."),
        **common,
    )


def _chosen(field: content.Refs, common: Mapping[str, Any]) -> forms.Field:
    """Goods and coupons are looked up by typing; any foreign key to them lends its lookup."""
    model, key = (
        (Product, HotPin._meta.get_field("product"))
        if field.of == "product"
        else (Coupon, CouponGrant._meta.get_field("coupon"))
    )
    widget = AutocompleteSelectMultiple(key, site)
    return ChosenInOrder(model._default_manager.all(), widget=widget, **common)


def _words(field: content.Words, label: Any) -> dict[str, forms.Field]:
    widget = UnfoldAdminTextareaWidget if field.is_long else UnfoldAdminTextInputWidget
    return {
        f"{field.name}__{code}": forms.CharField(
            label=_("%(field)s (%(language)s)") % {"field": label, "language": language},
            required=field.is_required and code == "zh",
            max_length=field.most * times,
            validators=[refuse_unsafe_text],
            widget=widget(),
        )
        for code, language, times in (("zh", _("Chinese"), 1), ("en", _("English"), 2))
    }


def _picture(field: content.Field, label: Any) -> dict[str, forms.Field]:
    widget = AutocompleteSelect(ContentPage._meta.get_field("cover"), site)
    return {
        field.name: forms.ModelChoiceField(
            Media.objects.all(), label=label, required=False, widget=widget
        ),
        f"{field.name}__new": forms.FileField(
            label=_("or a new picture"), required=False, widget=UnfoldAdminFileFieldWidget()
        ),
    }


def _audience() -> dict[str, forms.Field]:
    return {
        "audience__who": forms.ChoiceField(
            label=_("for"), choices=AUDIENCES, widget=UnfoldAdminSelectWidget()
        ),
        "audience__tiers": TiersField(label=_("tiers")),
        "audience__segment": forms.ModelChoiceField(
            Segment.objects.all(),
            to_field_name="code",
            label=_("segment"),
            required=False,
            widget=UnfoldAdminSelectWidget(),
        ),
        "audience__regions": forms.ModelChoiceField(
            RegionSet.objects.all(),
            to_field_name="code",
            label=_("only in"),
            required=False,
            widget=UnfoldAdminSelectWidget(),
            help_text=_("Who has not said where they are sees it too, as with goods."),
        ),
    }


def _choice_name(name: str) -> Any:
    return LAYOUTS.get(name) or INK_NAMES.get(name) or name


class ValuesForm(forms.Form):
    """A form whose fields are those of a block or tile; ``values()`` is their JSON again."""

    content_fields: Sequence[content.Field] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(form_fields(self.content_fields))

    def values(self) -> dict[str, Any]:
        """What was typed, in the shape of the block. Stores new pictures."""
        return {
            field.name: self._value(field)
            for field in self.content_fields
            if not isinstance(field, content.Tiles)
        }

    def _value(self, field: content.Field) -> Any:
        typed = self.cleaned_data
        match field:
            case content.Words():
                return {code: typed.get(f"{field.name}__{code}", "") for code in ("zh", "en")}
            case content.Audience():
                segment, regions = typed.get("audience__segment"), typed.get("audience__regions")
                return {
                    "who": typed.get("audience__who") or "everybody",
                    "tiers": typed.get("audience__tiers") or [],
                    "segment": segment.code if segment else "",
                    "regions": regions.code if regions else "",
                }
            case content.Ref(of="media"):
                fresh = typed.get(f"{field.name}__new")
                chosen = add_media(file=fresh) if fresh else typed.get(field.name)
                return chosen and chosen.pk
            case content.Slug():
                row = typed.get(field.name)
                return getattr(row, SLUGS[field.of][1]) if row else ""
            case content.Ref():
                row = typed.get(field.name)
                return row and row.pk
        return typed.get(field.name)


def flat(values: Mapping[str, Any], fields: Iterable[content.Field]) -> dict[str, Any]:
    """The initial values of a form for this JSON."""
    found: dict[str, Any] = {}
    for field in fields:
        value = values.get(field.name, field.empty())
        if isinstance(field, content.Words | content.Audience):
            found.update({f"{field.name}__{name}": part for name, part in value.items()})
        elif not isinstance(field, content.Tiles):
            found[field.name] = value
    return found


def block_form(kind: str, *args: Any, **kwargs: Any) -> ValuesForm:
    """The form of a block: its settings, then when and to whom it is shown."""
    fields = (*content.KINDS[kind].fields, *content.WINDOW)
    made: type[ValuesForm] = type("BlockForm", (ValuesForm,), {"content_fields": fields})
    return made(*args, **kwargs)


def tile_forms(
    kind: str, typed: Any, files: Any, *, initial: Any
) -> "tuple[str, BaseFormSet[Any]] | None":
    """The forms of a block's tiles and what they are called; None for a kind without."""
    for field in content.KINDS[kind].fields:
        if isinstance(field, content.Tiles):
            made: type[ValuesForm] = type(
                "TileForm", (ValuesForm,), {"content_fields": field.fields}
            )
            forms_of = forms.formset_factory(
                made, extra=1, max_num=field.most, can_order=True, can_delete=True
            )
            return field.name, forms_of(typed, files, initial=initial, prefix=field.name)
    return None
