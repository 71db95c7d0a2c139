"""Products: written, put on sale, taken off; their SKUs and pictures beside them."""

from collections.abc import Callable
from functools import partial
from typing import Any
from zlib import crc32

from django.contrib import admin, messages
from django.db.models import Count, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import BaseModelFormSet, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display

from catalog.admin.acting import actor_of
from catalog.admin.head_words import SEARCH_ENGINES
from catalog.admin.media import thumbnail
from catalog.admin.product_forms import (
    MatrixForm,
    ProductForm,
    attribute_rows,
    form_for,
    has_papers,
)
from catalog.admin.shelf_times import ShelfTimesPages
from catalog.admin.sku import CHOICE, choice_words, save_typed
from catalog.admin.video_fields import VIDEO_FIELDS
from catalog.blocks import lacks_selling_point
from catalog.models import HEAD_WORDS, Product, ProductMedia, Sku
from catalog.presenting import findings_table
from catalog.services import (
    SkuPlan,
    build_skus,
    gradient_findings,
    missing_for_sale,
    missing_qualifications,
    name_options,
    publish_product,
    save_product,
    save_skus,
    save_video,
    screen_product,
    set_gallery,
    set_poster,
    set_regions,
    take_off_sale,
)
from catalog.words import LACKS, advice, lacks
from mall.kernel import clock
from mall.kernel.admin import MallTabularInline, VerbPage, VersionedAdmin, run_verb
from mall.kernel.money import yuan

WORDS = ("code", "title_zh", "title_en", "subtitle_zh", "subtitle_en")
PLACE = ("category", "brand", "shop", "freight_template", "slug", "keywords")
EDITION = ("edition", "partner_zh", "partner_en", "total_limit", "member_limit")
SEE_CASES = "catalog.view_complaint"
REGIONS = ("sold_in", "promoted_in")
SKU_FIELDS = (
    "barcode",
    "price_fen",
    "list_price_fen",
    "cost_fen",
    "weight_grams",
    "volume_cm3",
    "is_active",
    "is_gift_only",
)


def sku_facts(sku: Sku) -> tuple[Any, ...]:
    """What the product's form shows of a SKU."""
    return (sku.pk, sku.code, sku.media_id, *(getattr(sku, name) for name in SKU_FIELDS))


def _cases_of(request: HttpRequest, product: Product | None) -> list[Any]:
    """A part of the form while a case against the product is open: first of all. Queries: 1."""
    if product is None or not request.user.has_perm(SEE_CASES):
        return []
    return [(None, {"fields": ("cases",)})] if product.complaints.open().exists() else []


def _of_skus(figure: Any) -> Subquery:
    """A figure over each product's SKUs; beside the rows, so that counting them stays cheap."""
    rows = Sku.objects.filter(product=OuterRef("pk")).order_by().values("product")
    return Subquery(rows.annotate(figure=figure).values("figure"))


STATES = {
    Product.Status.ON_SALE: _("%(title)s is on sale."),
    Product.Status.OFF_SALE: _("%(title)s is off sale."),
    Product.Status.PENDING: _("%(title)s waits for approval."),
}
ELSE = _("%(title)s is not on sale.")
NO_SELLING_POINT = _(
    "None of the first three blocks sells: put a selling point there,"
    " or the trust block with papers or words of its own."
)
"""A patent, a quality report or a promotion belongs on the first three screens (C-44)."""


def _state_words(product_id: int) -> str:
    product = Product.objects.only("title_zh", "status").get(pk=product_id)
    return str(STATES.get(Product.Status(product.status), ELSE)) % {"title": product.title_zh}


said_state = lazy(_state_words, str)
"""Where a product stands when the sentence is said, which is after the deed. Queries: 1."""


class SkuInline(MallTabularInline):
    """What is counted and priced. SKUs are switched off, never deleted: orders point at them."""

    model = Sku
    fields = ("code", "choice", *SKU_FIELDS, "media")
    readonly_fields = ("choice",)
    autocomplete_fields = ("media",)
    masked_fields = ("cost_fen",)
    mask_permission = "catalog.see_cost"
    can_delete = False
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sku]:
        return super().get_queryset(request).prefetch_related(*CHOICE)

    @admin.display(description=_("options"))
    def choice(self, sku: Sku) -> str:
        return choice_words(sku)


class GalleryInline(MallTabularInline):
    """Pictures in order; the first is the card's."""

    model = ProductMedia
    fields = ("preview", "media", "sort")
    readonly_fields = ("preview",)
    autocomplete_fields = ("media",)
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductMedia]:
        return super().get_queryset(request).select_related("media")

    @admin.display(description="")
    def preview(self, row: ProductMedia) -> str:
        return thumbnail(row.media) if row.media_id else ""


class LackFilter(admin.SimpleListFilter):
    """Listings that lack something; the same codes as the hints on the product's page (C-35)."""

    title = _("listing lacks")
    parameter_name = "lacks"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(code), words) for code, words in LACKS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        return queryset.filter(quality_flags__contains=[self.value()]) if self.value() else queryset


@admin.register(Product)
class ProductAdmin(ShelfTimesPages, VersionedAdmin):
    """One form: words, place, the attributes of its category, SKUs, pictures."""

    form = ProductForm
    inlines = (SkuInline, GalleryInline)
    list_display = (
        "title_zh",
        "code",
        "category",
        "brand",
        "state",
        "prices",
        "sku_count",
        "quality_score",
        "sales_count",
        "listed_at",
    )
    list_filter = ("status", LackFilter, "stage", "category__parent", "brand", "shop")
    list_select_related = ("category", "brand")
    search_fields = ("=code", "title_zh", "title_en", "skus__code")
    search_help_text = _("Product or SKU code, title")
    autocomplete_fields = (
        "category",
        "brand",
        "shop",
        "freight_template",
        "sold_in",
        "promoted_in",
    )
    readonly_fields = (
        "quality_score",
        "lacking",
        "stage",
        "advised",
        "words_found",
        "rejected",
        "cases",
    )
    ordering = ("-pk",)
    actions = ("publish", "take_off")
    actions_detail = ("publish_one", "take_off_one", "plan_shelf", "build_matrix")

    def version_of(self, row: Product, *, locked: bool = False) -> str:
        """With its SKUs: their prices are changed in lists of their own too, and those are not to
        be put back by a form that still shows the old ones."""
        skus = Sku.objects.filter(product=row).order_by("pk")
        shown = [sku_facts(sku) for sku in (skus.locked() if locked else skus)]
        return f"{row.version}.{crc32(repr(shown).encode())}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        rows = super().get_queryset(request).defer("search")
        if request.path == reverse("admin:catalog_product_changelist"):
            rows = rows.annotate(
                lowest_fen=_of_skus(Min("price_fen")),
                highest_fen=_of_skus(Max("price_fen")),
                sku_number=Coalesce(_of_skus(Count("pk")), 0),
            )
        return rows

    def has_delete_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        return False

    def get_form(
        self, request: HttpRequest, obj: Product | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        return super().get_form(
            request, obj, change=change, **{**kwargs, "form": form_for(request, obj)}
        )

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> Any:
        attributes = attribute_rows(form_for(request, obj))
        hint = _("Choose the category first; its attributes appear when the form is saved.")
        return [
            *_cases_of(request, obj),
            (None, {"fields": WORDS}),
            (pgettext_lazy("catalogue", "place"), {"fields": PLACE}),
            (_("attributes"), {"fields": attributes, "description": "" if attributes else hint}),
            (_("pictures and details"), {"fields": ("new_pictures", *VIDEO_FIELDS, "blocks")}),
            (_("edition"), {"fields": EDITION}),
            (_("regions"), {"fields": REGIONS}),
            SEARCH_ENGINES,
            (_("listing quality"), {"fields": ("quality_score", "lacking", "stage", "advised")}),
            (_("words"), {"fields": ("words_found", "rejected")}),
        ]

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        """Words and attributes in one verb; on sale, nothing required may go."""
        columns = (*WORDS, *PLACE, *EDITION, *HEAD_WORDS, "blocks")
        values = {n: form.cleaned_data[n] for n in columns if n in form.cleaned_data}
        values["main_video"] = video = form.chosen_video()
        saved = save_product(
            product=obj if change else None,
            values=values,  # type: ignore[arg-type]
            attributes=form.attributes(),
            actor=actor_of(request),
            at=clock.now(),
        )
        obj.pk, obj._state.adding = saved.pk, False
        if form.cleaned_data.get("new_video"):
            deed = {"actor": actor_of(request), "at": clock.now()}
            save_video(video=video, values={"shows_goods": True}, **deed)
        if video is not None and form.cleaned_data.get("new_poster"):
            set_poster(video=video, poster=form.cleaned_data["new_poster"])
        if saved.blocks and lacks_selling_point(saved.blocks, has_papers=has_papers(saved)):
            messages.warning(request, NO_SELLING_POINT)
        if any(name in form.changed_data for name in REGIONS):
            sets = {name: form.cleaned_data[name] for name in REGIONS}
            set_regions(product=saved, **sets, actor=actor_of(request), at=clock.now())

    def save_formset(
        self, request: HttpRequest, form: Any, formset: BaseModelFormSet, change: bool
    ) -> None:
        """SKUs and pictures through their verbs."""
        rows = formset.save(commit=False)
        if formset.model is Sku:
            self._save_skus(request, form.instance, formset)
        elif rows or formset.deleted_objects or form.cleaned_data.get("new_pictures"):
            kept = [
                inline.instance
                for inline in formset.forms
                if inline.instance.media_id and inline not in formset.deleted_forms
            ]
            kept.sort(key=lambda row: row.sort)
            pictures = [row.media for row in kept] + form.cleaned_data.get("new_pictures", [])
            set_gallery(product=form.instance, pictures=pictures)

    def _save_skus(self, request: HttpRequest, product: Product, formset: Any) -> None:
        deed = {"actor": actor_of(request), "at": clock.now()}
        for sku in formset.new_objects:
            names = (*SKU_FIELDS, "media")
            plan = SkuPlan(code=sku.code, **{name: getattr(sku, name) for name in names})
            save_skus(product=product, skus=[plan], **deed)
        for sku, changed in formset.changed_objects:
            values = {name: getattr(sku, name) for name in changed}
            save_typed(request, sku.pk, values, deed["at"])

    @display(
        description=_("status"),
        ordering="status",
        label={
            Product.Status.ON_SALE.label: "success",
            Product.Status.DRAFT.label: "info",
            Product.Status.PENDING.label: "warning",
            Product.Status.OFF_SALE.label: "danger",
            Product.Status.REJECTED.label: "danger",
        },
    )
    def state(self, product: Product) -> str:
        return product.get_status_display()

    @admin.display(description=_("what it lacks"))
    def lacking(self, product: Product) -> str:
        return ", ".join(lacks(product.quality_flags)) or "-"

    @admin.display(description=_("words found"))
    def words_found(self, product: Product) -> str:
        """Word, class and place, the hit marked (C-37)."""
        return findings_table(screen_product(product)) if product.pk else "-"

    @admin.display(description=_("infringement complaints"))
    def cases(self, product: Product) -> str:
        """Those that are open, with the way there (C-63)."""
        page = "admin:catalog_complaint_change"
        links = (
            (reverse(page, args=[case.pk]), case.number, case.get_state_display())
            for case in product.complaints.open()
        )
        return format_html_join("", '<p><a href="{}">{}</a> · {}</p>', links)

    @admin.display(description=_("rejected because"))
    def rejected(self, product: Product) -> str:
        """The reason of the last refusal, while it stands (C-38)."""
        if product.status != Product.Status.REJECTED:
            return "-"
        refusals = product.approvals.exclude(reason="").order_by("-checked_at", "-pk")
        return refusals.values_list("reason", flat=True).first() or "-"

    @admin.display(description=_("what fits its stage"))
    def advised(self, product: Product) -> str:
        return advice(product.stage)

    @admin.display(description=_("price"), ordering="lowest_fen")
    def prices(self, product: Any) -> str:
        if product.lowest_fen is None:
            return "-"
        if product.lowest_fen == product.highest_fen:
            return yuan(product.lowest_fen)
        return f"{yuan(product.lowest_fen)} - {yuan(product.highest_fen)}"

    @admin.display(description=_("SKUs"), ordering="sku_number")
    def sku_count(self, product: Any) -> int:
        return int(product.sku_number)

    @admin.action(description=_("Put on sale"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        """Each one by itself: what is not ready says why and stays."""
        self._each(request, queryset, publish_product)

    @admin.action(description=_("Take off sale"), permissions=["change"])
    def take_off(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        """Hidden from shoppers at once."""
        self._each(request, queryset, take_off_sale)

    @action(description=_("Put on sale"), permissions=["change"], icon="storefront")
    def publish_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks first, and says what is missing."""
        product = get_object_or_404(Product, pk=object_id)
        missing = ", ".join(missing_for_sale(product)) or _("nothing")
        gradient = ", ".join(row.words for row in gradient_findings(product, clock.now()))
        lacking = ", ".join(missing_qualifications(product, clock.now())) or _("nothing")
        facts = (
            (_("status"), product.get_status_display()),
            (_("missing"), missing),
            (_("missing documents"), lacking),
            (_("words found"), findings_table(screen_product(product))),
            (_("prices"), gradient or _("in order")),
        )
        return self._one(request, product, publish_product, facts)

    @action(description=_("Take off sale"), permissions=["change"], icon="visibility_off")
    def take_off_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks first."""
        product = get_object_or_404(Product, pk=object_id)
        facts = ((_("status"), product.get_status_display()),)
        return self._one(request, product, take_off_sale, facts)

    @action(description=_("Options and SKUs"), permissions=["change"], icon="grid_on")
    def build_matrix(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One SKU for every combination of the options typed."""
        product = get_object_or_404(Product, pk=object_id)
        back = reverse("admin:catalog_product_change", args=[product.pk])
        page = VerbPage(
            title=product.title_zh,
            form_class=MatrixForm,
            run=lambda typed: build_skus(
                product=product,
                options=name_options(product, typed["axes"]),
                price_fen=typed["price_fen"],
                list_price_fen=typed["list_price_fen"],
                weight_grams=typed["weight_grams"],
                actor=actor_of(request),
                at=clock.now(),
            ),
            done=_("The SKUs are made."),
            back=back,
            button=_("Make the SKUs"),
            facts=((_("SKUs"), product.skus.count()),),
        )
        return page.answer(request, self)

    def _each(
        self, request: HttpRequest, queryset: QuerySet[Product], verb: Callable[..., Any]
    ) -> None:
        at, actor = clock.now(), actor_of(request)
        for product in queryset:
            deed = partial(verb, product=product, at=at, actor=actor)
            run_verb(request, deed, said_state(product.pk))

    def _one(
        self, request: HttpRequest, product: Product, verb: Callable[..., Any], facts: Any
    ) -> HttpResponse:
        button = _("Put on sale") if verb is publish_product else _("Take off sale")
        deed = partial(verb, product=product, at=clock.now(), actor=actor_of(request))
        page = VerbPage(
            title=product.title_zh,
            form_class=Form,
            run=lambda _typed: deed(),
            done=said_state(product.pk),
            back=reverse("admin:catalog_product_change", args=[product.pk]),
            button=button,
            facts=facts,
        )
        return page.answer(request, self)
