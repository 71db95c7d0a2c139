"""From when until when a product is shown: a page of its own beside the product (C-06)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSplitDateTimeWidget

from catalog.admin.acting import actor_of
from catalog.models import Product
from catalog.services import set_shelf_times
from mall.kernel import clock
from mall.kernel.admin import VerbPage


class ShelfTimesForm(forms.Form):
    """Two instants, both may be empty."""

    on_shelf_at = forms.SplitDateTimeField(
        label=_("shown from"),
        required=False,
        help_text=_("Empty: as soon as it is put on sale."),
        widget=UnfoldAdminSplitDateTimeWidget(),
    )
    off_shelf_at = forms.SplitDateTimeField(
        label=_("shown until"),
        required=False,
        help_text=_("Empty: until it is taken off."),
        widget=UnfoldAdminSplitDateTimeWidget(),
    )


class ShelfTimesPages(ModelAdmin):
    """The button on a product's page, and the page behind it; mixed into its admin."""

    @action(description=_("Shelf times"), permissions=["change"], icon="schedule")
    def plan_shelf(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The times hold by the clock, whether or not a worker runs."""
        product = get_object_or_404(Product, pk=object_id)
        page = VerbPage(
            title=product.title_zh,
            form_class=ShelfTimesForm,
            initial={
                "on_shelf_at": product.on_shelf_at,
                "off_shelf_at": product.off_shelf_at,
            },
            run=lambda typed: set_shelf_times(
                product=product, **typed, at=clock.now(), actor=actor_of(request)
            ),
            done=_("The shelf times are kept."),
            back=reverse("admin:catalog_product_change", args=[product.pk]),
            button=_("Keep"),
            facts=_facts(product),
        )
        return page.answer(request, self)


def _facts(product: Product) -> tuple[tuple[Any, Any], ...]:
    return (
        (_("status"), product.get_status_display()),
        (_("on sale since"), product.listed_at or "-"),
        (_("put on sale last"), product.relisted_at or "-"),
    )
