"""After-sales of a shopper: asking with the sum before the click, the case with its story, sending
back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mall.kernel import clock
from mall.kernel.errors import ShopError
from mall.storefront.after_sale_forms import PIECES, SWAP, AfterSaleForm, SendBackForm
from mall.storefront.forms import refuse
from mall.storefront.once import new_token, once
from mall.storefront.paging import page_of
from mall.storefront.shopper import members_only, the_member
from mall.storefront.views.orders import trail
from orders import selectors, services
from orders.models import AfterSale, Upload
from orders.presenting import after_sale_dict, line_facts, preview_dict, sku_words


@require_safe
@members_only
def after_sales(request: HttpRequest) -> HttpResponse:
    """My cases, newest first. Queries: the same for two cases and for fifty."""
    rows, page = page_of(request, selectors.after_sales_of(the_member(request).pk))
    context = {
        "cases": [after_sale_dict(row) for row in rows],
        "page": page,
        "room": "after_sales",
        "breadcrumb": trail(_("After-sales")),
    }
    return render(request, "orders/after_sales/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def after_sale_new(request: HttpRequest, number: str) -> HttpResponse:
    """Ask about pieces of an order; what comes back is worked out before it is sent."""
    lines, kinds = _open_lines(request, number)
    form, answer = _form(request, lines, kinds), None
    if form.is_valid() and request.POST.get("do") != "ask":
        answer = _previewed(request, number, form)
    elif form.is_valid() and (done := _asked(request, number, form)):
        return redirect("storefront:after_sale", done)
    context = {
        "number": number,
        "form": form,
        "lines": _line_fields(form, lines),
        "answer": answer,
        "token": request.POST.get("token") or new_token(),
        "breadcrumb": trail(_("My orders"), _("After-sales")),
    }
    return render(request, "orders/after_sales/apply.html", context)


def _open_lines(request: HttpRequest, number: str) -> tuple[list[tuple[Any, int]], set[str]]:
    """The lines of the order that may be asked about, each with how many pieces; and what may
    be asked: of what is not sent only the money."""
    facts = selectors.askable(the_member(request).pk, number)
    kinds = {sold.id: selectors.kinds_for(sold) for sold in facts.sold}
    lines = [(facts.line(sold.id), sold.free) for sold in facts.sold if kinds[sold.id]]
    return lines, {kind for of_line in kinds.values() for kind in of_line}


def _form(request: HttpRequest, lines: list[tuple[Any, int]], kinds: set[str]) -> AfterSaleForm:
    at = clock.now()
    swaps = {
        line_id: [(facts.id, sku_words(facts)) for facts in choices]
        for line_id, choices in selectors.exchange_choices([line for line, _n in lines], at).items()
    }
    return AfterSaleForm(
        request.POST or None,
        request.FILES or None,
        lines=lines,
        today=clock.day_of(at),
        swaps=swaps,
        kinds=kinds,
    )


def _line_fields(form: AfterSaleForm, lines: list[tuple[Any, int]]) -> list[dict[str, Any]]:
    return [
        {
            **line_facts(line),
            "field": form[f"{PIECES}{line.pk}"],
            "most": most,
            "swap": form[f"{SWAP}{line.pk}"] if line.pk in form.swaps else None,
        }
        for line, most in lines
    ]


def _previewed(request: HttpRequest, number: str, form: AfterSaleForm) -> dict[str, Any] | None:
    """What would come back; a refusal is written on the form."""
    member_id, at = the_member(request).pk, clock.now()
    try:
        found, total = services.preview(number=number, member_id=member_id, wish=form.wish, at=at)
    except ShopError as error:
        refuse(form, error)
        return None
    return preview_dict(found, total)


def _asked(request: HttpRequest, number: str, form: AfterSaleForm) -> str | None:
    """Open the case once, a double click too; its number. A refusal is written on the form."""
    try:
        done = once(
            request,
            f"after_sale/{number}",
            verb=lambda: _open_case(request, number, form),
            keep=lambda case: {"number": case.number},
            at=clock.now(),
        )
    except ShopError as error:
        refuse(form, error)
        return None
    messages.success(request, _("We have your request and answer within 48 hours."))
    return str(done["number"])


def _open_case(request: HttpRequest, number: str, form: AfterSaleForm) -> AfterSale:
    """Keep the pictures, then ask."""
    member_id, at, why = the_member(request).pk, clock.now(), Upload.Purpose.AFTER_SALE
    uploads = [
        services.add_upload(member_id=member_id, file=file, purpose=why, at=at)
        for file in form.cleaned_data["pictures"]
    ]
    wanted = services.Request(
        wish=form.wish,
        text=form.cleaned_data["text"],
        upload_ids=tuple(upload.pk for upload in uploads),
        pickup=form.pickup,
        exchange_skus=form.chosen,
    )
    return services.request_after_sale(number=number, member_id=member_id, request=wanted, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def after_sale(request: HttpRequest, number: str) -> HttpResponse:
    """One case: where it is, what comes back, what happened; the number of the parcel is entered
    here."""
    case = selectors.after_sale(the_member(request).pk, number)
    form = SendBackForm(request.POST or None, initial=_parcel_of(case))
    if form.is_valid() and _sent_back(request, number, form):
        messages.success(request, _("Thank you. We look out for your parcel."))
        return redirect("storefront:after_sale", number)
    context = {
        "case": _with_swaps(after_sale_dict(case)),
        "form": form,
        "breadcrumb": trail(_("My orders"), _("After-sales")),
    }
    return render(request, "orders/after_sales/case.html", context)


def _with_swaps(shape: dict[str, Any]) -> dict[str, Any]:
    """Say of each line what is sent instead. Queries: 1, none where nothing is."""
    ids = {line["exchange_sku_id"] for line in shape["lines"]} - {None}
    facts = selectors.exchange_words(ids, clock.now())
    for line in shape["lines"]:
        other = facts.get(line["exchange_sku_id"])
        line["swap"] = sku_words(other) if other else ""
    return shape


def _sent_back(request: HttpRequest, number: str, form: SendBackForm) -> bool:
    """Note the parcel; a refusal is written on the form."""
    member_id, given = the_member(request).pk, form.cleaned_data
    try:
        services.send_back(number=number, member_id=member_id, at=clock.now(), **given)
    except ShopError as error:
        refuse(form, error)
        return False
    return True


def _parcel_of(case: AfterSale) -> dict[str, str]:
    return {"carrier": case.carrier, "tracking_no": case.tracking_no}


@require_POST
@members_only
def after_sale_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Take a case back."""
    services.cancel_after_sale(number=number, member_id=the_member(request).pk, at=clock.now())
    messages.success(request, _("The case is withdrawn."))
    return redirect("storefront:after_sale", number)
