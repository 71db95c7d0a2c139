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
from mall.storefront.after_sale_forms import PIECES, AfterSaleForm, SendBackForm
from mall.storefront.forms import refuse
from mall.storefront.once import new_token, once
from mall.storefront.paging import page_of
from mall.storefront.shopper import members_only, the_member
from mall.storefront.views.orders import trail
from orders import selectors, services
from orders.models import AfterSale, Upload
from orders.presenting import after_sale_dict, line_facts, preview_dict


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
    member_id, at = the_member(request).pk, clock.now()
    facts = selectors.askable(member_id, number)
    open_lines = [
        (facts.line(sold.id), sold.free) for sold in facts.sold if selectors.kinds_for(sold)
    ]
    form = AfterSaleForm(
        request.POST or None, request.FILES or None, lines=open_lines, today=clock.day_of(at)
    )
    answer: dict[str, Any] | None = None
    if form.is_valid():
        try:
            if request.POST.get("do") == "ask":
                return _asked(request, number, form)
            found, total = services.preview(
                number=number, member_id=member_id, wish=form.wish, at=at
            )
            answer = preview_dict(found, total)
        except ShopError as error:
            refuse(form, error)
    context = {
        "number": number,
        "form": form,
        "lines": [
            {**line_facts(line), "field": form[f"{PIECES}{line.pk}"], "most": most}
            for line, most in open_lines
        ],
        "answer": answer,
        "token": request.POST.get("token") or new_token(),
        "breadcrumb": trail(_("My orders"), _("After-sales")),
    }
    return render(request, "orders/after_sales/apply.html", context)


def _asked(request: HttpRequest, number: str, form: AfterSaleForm) -> HttpResponse:
    """Keep the pictures, then open the case once; a double click opens one."""
    member_id, at = the_member(request).pk, clock.now()
    uploads = [
        services.add_upload(
            member_id=member_id, file=file, purpose=Upload.Purpose.AFTER_SALE, at=at
        )
        for file in form.cleaned_data["pictures"]
    ]
    wanted = services.Request(
        wish=form.wish,
        text=form.cleaned_data["text"],
        upload_ids=tuple(upload.pk for upload in uploads),
        pickup=form.pickup,
    )
    done = once(
        request,
        f"after_sale/{number}",
        verb=lambda: services.request_after_sale(
            number=number, member_id=member_id, request=wanted, at=at
        ),
        keep=lambda case: {"number": case.number},
        at=at,
    )
    messages.success(request, _("We have your request and answer within 48 hours."))
    return redirect("storefront:after_sale", done["number"])


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def after_sale(request: HttpRequest, number: str) -> HttpResponse:
    """One case: where it is, what comes back, what happened; the number of the parcel is entered
    here."""
    member_id = the_member(request).pk
    case = selectors.after_sale(member_id, number)
    form = SendBackForm(request.POST or None, initial=_parcel_of(case))
    if form.is_valid():
        try:
            services.send_back(
                number=number, member_id=member_id, at=clock.now(), **form.cleaned_data
            )
        except ShopError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Thank you. We look out for your parcel."))
            return redirect("storefront:after_sale", number)
    context = {
        "case": after_sale_dict(case),
        "form": form,
        "breadcrumb": trail(_("My orders"), _("After-sales")),
    }
    return render(request, "orders/after_sales/case.html", context)


def _parcel_of(case: AfterSale) -> dict[str, str]:
    return {"carrier": case.carrier, "tracking_no": case.tracking_no}


@require_POST
@members_only
def after_sale_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Take a case back."""
    services.cancel_after_sale(number=number, member_id=the_member(request).pk, at=clock.now())
    messages.success(request, _("The case is withdrawn."))
    return redirect("storefront:after_sale", number)
