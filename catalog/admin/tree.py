"""Categories in the order of the tree, with their attributes; brands."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList
from unfold.widgets import UnfoldAdminFileFieldWidget

from catalog.admin.acting import refusals_as_errors
from catalog.admin.choice_fields import ChoicesField
from catalog.admin.head_words import SEARCH_ENGINES
from catalog.admin.video_fields import PosterField
from catalog.errors import CategoryMisplaced
from catalog.models import HEAD_WORDS, AttributeDefinition, Brand, Category
from catalog.services import check_parent, outdate_listings, save_brand, save_category
from catalog.services.arranging import check_attribute_words
from mall.kernel import clock
from mall.kernel.admin import MallAdmin, MallTabularInline

NAMED = ("title_zh", "title_en", "unit_zh", "unit_en")
"""What shoppers read of an attribute beside its value."""
TREE = (
    "root_sort",
    "root_id",
    F("middle_sort").asc(nulls_first=True),
    "middle_id",
    "level",
    "sort",
    "pk",
)


class CategoryForm(forms.ModelForm):
    """Where a category hangs is checked before it is saved."""

    new_picture = PosterField(
        label=_("new picture"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": "image/*"}),
    )

    class Meta:
        model = Category
        fields = (
            "parent",
            "slug",
            "title_zh",
            "title_en",
            "icon",
            "picture",
            "sort",
            "is_active",
            *HEAD_WORDS,
        )

    def _post_clean(self) -> None:
        """Where it hangs is asked once it has its name, so that the refusal says which one."""
        super()._post_clean()  # type: ignore[misc]
        parent: Category | None = self.cleaned_data.get("parent")
        if parent is not None:
            try:
                check_parent(self.instance, parent)
            except CategoryMisplaced as refusal:
                self.add_error("parent", str(refusal))


class AttributeForm(forms.ModelForm):
    """Choices are typed one a line: 硅胶 | Silicone."""

    choices = ChoicesField(label=_("choices"), required=False)

    class Meta:
        model = AttributeDefinition
        fields = (
            "code",
            "title_zh",
            "title_en",
            "kind",
            "unit_zh",
            "unit_en",
            "is_required",
            "is_searchable",
            "choices",
            "sort",
        )

    def clean(self) -> Any:
        """Names and units that are new meet the screen of words."""
        cleaned = super().clean()
        said = {name: self.cleaned_data.get(name) for name in NAMED if name in self.changed_data}
        with refusals_as_errors():
            check_attribute_words({name: text for name, text in said.items() if text})
        return cleaned

    def clean_choices(self) -> list[dict[str, str]]:
        """One that was there keeps its code: goods are found by it."""
        codes = {choice["zh"]: choice.get("code", "") for choice in self.instance.choices}
        typed: list[dict[str, str]] = self.cleaned_data["choices"]
        return [
            {"code": code, **choice} if (code := codes.get(choice["zh"])) else choice
            for choice in typed
        ]


class AttributeInline(MallTabularInline):
    """What the goods of this category, and of all below it, say of themselves."""

    model = AttributeDefinition
    form = AttributeForm


class TreeList(ChangeList):
    """Each branch below its parent, unless the operator sorts by a column."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Category]) -> Any:
        return super().get_ordering(request, queryset) if ORDER_VAR in self.params else TREE


@admin.register(Category)
class CategoryAdmin(MallAdmin):
    """The tree, each branch below its parent, ordered by its own numbers."""

    form = CategoryForm
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "parent",
                    "slug",
                    ("title_zh", "title_en"),
                    "icon",
                    ("picture", "new_picture"),
                    "sort",
                    "is_active",
                )
            },
        ),
        SEARCH_ENGINES,
    )
    inlines = (AttributeInline,)
    list_display = ("branch", "slug", "level", "sort", "is_active")
    list_editable = ("sort", "is_active")
    list_filter = ("level", "is_active")
    list_select_related = ("parent",)
    list_per_page = 200
    search_fields = ("title_zh", "title_en", "slug")
    autocomplete_fields = ("parent", "picture")
    prepopulated_fields = {"slug": ("title_en",)}  # noqa: RUF012 - Django reads it as it is

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        """The list knows the numbers of root, branch and leaf: the order of the tree."""
        root = "parent__parent"
        rows = super().get_queryset(request)
        return rows.annotate(
            root_sort=Coalesce(f"{root}__sort", "parent__sort", "sort"),
            root_id=Coalesce(f"{root}__id", "parent_id", "id"),
            middle_sort=Case(When(level=3, then=F("parent__sort")), When(level=2, then=F("sort"))),
            middle_id=Case(
                When(level=3, then=F("parent_id")), When(level=2, then=F("id")), default=Value(0)
            ),
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TreeList

    @admin.display(description=_("category"))
    def branch(self, category: Category) -> str:
        indent = (category.level - 1) * 1.5
        return format_html('<span style="padding-left:{}rem">{}</span>', indent, category.title_zh)

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        """Level and path follow from the parent; an upload is its picture."""
        obj.picture = form.cleaned_data.get("new_picture") or obj.picture
        save_category(obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Goods are graded by the attributes that their category asks for."""
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            outdate_listings(category=form.instance, at=clock.now())


class BrandForm(forms.ModelForm):
    """A brand, and a file that becomes its logo."""

    new_logo = PosterField(
        label=_("new logo"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": "image/*"}),
    )

    class Meta:
        model = Brand
        fields = (
            "title_zh",
            "title_en",
            "slug",
            "logo",
            "story_zh",
            "story_en",
            "is_active",
            *HEAD_WORDS,
        )


@admin.register(Brand)
class BrandAdmin(MallAdmin):
    """Makers' names, logos and stories."""

    form = BrandForm
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("title_zh", "title_en"),
                    "slug",
                    ("logo", "new_logo"),
                    "story_zh",
                    "story_en",
                    "is_active",
                )
            },
        ),
        SEARCH_ENGINES,
    )
    list_display = ("title_zh", "title_en", "slug", "is_active")
    list_filter = ("is_active",)
    search_fields = ("title_zh", "title_en", "slug")
    autocomplete_fields = ("logo",)
    prepopulated_fields = {"slug": ("title_en",)}  # noqa: RUF012 - Django reads it as it is
    ordering = ("title_zh", "pk")

    def save_model(self, request: HttpRequest, obj: Brand, form: Any, change: bool) -> None:
        """Goods of a renamed brand are found by its new name; an upload is its logo."""
        obj.logo = form.cleaned_data.get("new_logo") or obj.logo
        save_brand(obj)
