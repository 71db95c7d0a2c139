"""The address book, with the region chosen level by level, with script and without."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mall.kernel import clock, regions
from mall.kernel.errors import ShopError
from mall.storefront.forms import AddressForm, read_regions, refuse
from mall.storefront.going import asked_next, go
from mall.storefront.shopper import members_only, the_member
from members import selectors, services
from members.models import Address
from members.presenting import address_dict

LEVELS = (
    gettext_lazy("Province"),
    gettext_lazy("City"),
    gettext_lazy("District"),
    gettext_lazy("Street"),
)
FIELDS = ("name", "phone", "detail", "tag", "is_default")


@require_safe
@members_only
def addresses(request: HttpRequest) -> HttpResponse:
    """The book, the default first."""
    book = selectors.addresses(the_member(request).pk)
    context = {
        "addresses": [address_dict(row) for row in book],
        "room": "addresses",
        "breadcrumb": trail(),
    }
    return render(request, "members/addresses.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def address_new(request: HttpRequest) -> HttpResponse:
    """Write a new address."""
    return edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def address(request: HttpRequest, address_id: int) -> HttpResponse:
    """Change an own address."""
    return edit(request, selectors.address(the_member(request).pk, address_id))


def edit(request: HttpRequest, row: Address | None) -> HttpResponse:
    """The form of an address; ``do=regions`` only brings the next level of the cascade."""
    is_sent = request.method == "POST"
    is_saving = is_sent and request.POST.get("do") != "regions"
    codes = read_regions(request.POST) if is_sent else codes_of(row)
    form = AddressForm(request.POST) if is_saving else AddressForm(initial=shown(request, row))
    if is_saving and form.is_valid() and saved(request, form, codes, row):
        messages.success(request, _("The address is saved."))
        return go(request, "addresses")
    context = {
        "form": form,
        "cascade": cascade(codes, is_judged=is_saving),
        "address": row,
        "next": asked_next(request),
        "room": "addresses",
        "breadcrumb": trail(_("Edit address") if row else _("New address")),
    }
    return render(request, "members/address_form.html", context)


def saved(
    request: HttpRequest, form: AddressForm, codes: Sequence[str], row: Address | None
) -> bool:
    """Save what the form holds; False with the refusal written on it."""
    if not is_whole(codes):
        return False
    try:
        services.save_address(
            member=the_member(request),
            address_id=row.pk if row else None,
            region_code=codes[-1],
            at=clock.now(),
            **form.cleaned_data,
        )
    except ShopError as error:
        refuse(form, error)
        return False
    return True


@require_POST
@members_only
def address_default(request: HttpRequest, address_id: int) -> HttpResponse:
    """Make one address the default."""
    services.set_default_address(member=the_member(request), address_id=address_id, at=clock.now())
    return redirect("storefront:addresses")


@require_POST
@members_only
def address_delete(request: HttpRequest, address_id: int) -> HttpResponse:
    """Take one address out of the book."""
    services.delete_address(member=the_member(request), address_id=address_id)
    messages.success(request, _("The address is deleted."))
    return redirect("storefront:addresses")


def cascade(codes: Sequence[str], *, is_judged: bool) -> dict[str, Any]:
    """``cascade`` of docs/pages.md: four selects, each filled from the one above."""
    above = ("", *codes)
    levels = [
        {
            "label": str(label),
            "value": codes[place] if place < len(codes) else "",
            "options": [
                {"code": region.code, "name": region.name}
                for region in (regions.children(above[place]) if place < len(above) else ())
            ],
        }
        for place, label in enumerate(LEVELS)
    ]
    error = "" if not is_judged or is_whole(codes) else _("Please choose down to the last level.")
    return {"levels": levels, "error": error}


def is_whole(codes: Sequence[str]) -> bool:
    """True when the region was chosen down to its last level."""
    return bool(codes) and regions.is_deepest(codes[-1])


def codes_of(row: Address | None) -> list[str]:
    """The levels of a kept address."""
    return [region.code for region in regions.path(row.region_code)] if row else []


def shown(request: HttpRequest, row: Address | None) -> dict[str, Any]:
    """What an unsent form shows: what was typed before the next level, else the kept address."""
    if request.method == "POST":
        return {name: request.POST.get(name, "") for name in FIELDS}
    return {name: getattr(row, name) for name in FIELDS} if row else {}


def trail(label: str = "") -> list[dict[str, str]]:
    """The breadcrumb of the book and its pages."""
    steps = [{"label": _("My account"), "url": reverse("storefront:me")}]
    if not label:
        return [*steps, {"label": _("Addresses")}]
    book = {"label": _("Addresses"), "url": reverse("storefront:addresses")}
    return [*steps, book, {"label": label}]
