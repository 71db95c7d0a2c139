"""Writing a review of a received item, and adding to it once. Source: C-56."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mall.kernel import clock
from mall.kernel.errors import NotFound, ShopError
from mall.storefront.forms import refuse
from mall.storefront.review_forms import AppendForm, ReviewForm, ShowingForm
from mall.storefront.shopper import members_only, the_member
from mall.storefront.views.orders import trail
from orders import selectors, services
from orders.models import Upload
from orders.presenting import order_dict


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def order_review(request: HttpRequest, number: str, line_id: int) -> HttpResponse:
    """Write what one item is like, with pictures and a video."""
    shape = _order(request, number)
    line = line_of(shape, line_id, "review")
    form = ReviewForm(request.POST or None, request.FILES or None)
    if form.is_valid() and _written(request, number, line_id, form):
        return redirect("storefront:order", number)
    return _page(request, shape, line, form)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def order_append(request: HttpRequest, number: str, line_id: int) -> HttpResponse:
    """Add to one's own review, once."""
    shape = _order(request, number)
    line = line_of(shape, line_id, "append_review")
    form = AppendForm(request.POST or None, request.FILES or None)
    if form.is_valid() and _added(request, number, line_id, form):
        return redirect("storefront:order", number)
    return _page(request, shape, line, form)


def line_of(shape: Mapping[str, Any], line_id: int, deed: str) -> Any:
    """A line of an order that waits for a review, or for an addition. Raises: NotFound."""
    for line in shape["lines"]:
        if line["id"] == line_id and deed in line["can"]:
            return line
    raise NotFound


def _order(request: HttpRequest, number: str) -> dict[str, Any]:
    found = selectors.order(the_member(request).pk, number)
    return order_dict(found, at=clock.now())


def _written(request: HttpRequest, number: str, line_id: int, form: ReviewForm) -> bool:
    typed, member_id, at = form.cleaned_data, the_member(request).pk, clock.now()
    try:
        review = services.write_review(
            member_id=member_id,
            order_number=number,
            line_id=line_id,
            rating=int(typed["rating"]),
            text=typed["text"],
            is_anonymous=typed["is_anonymous"],
            upload_ids=_kept(member_id, form),
            at=at,
        )
    except ShopError as error:
        refuse(form, error)
        return False
    waits = _("Thank you. Your review is shown after somebody has read it.")
    messages.success(request, _("Thank you for your review.") if review.is_shown else waits)
    return True


def _added(request: HttpRequest, number: str, line_id: int, form: AppendForm) -> bool:
    member_id, at = the_member(request).pk, clock.now()
    try:
        added = services.append_review(
            member_id=member_id,
            order_number=number,
            line_id=line_id,
            text=form.cleaned_data["text"],
            upload_ids=_kept(member_id, form),
            at=at,
        )
    except ShopError as error:
        refuse(form, error)
        return False
    waits = _("Thank you. It is shown after somebody has read it.")
    messages.success(request, _("Thank you, it stands below your review.") if added.is_shown
                     else waits)  # fmt: skip
    return True


def _kept(member_id: int, form: ShowingForm) -> tuple[int, ...]:
    """Keep the files before anything is written, the video first: it is refused most often.

    Raises: PictureRefused, VideoRefused, TooMany.
    """
    at, why = clock.now(), Upload.Purpose.REVIEW
    files = sorted(form.files_sent, key=lambda file: not str(file.content_type).startswith("video"))
    return tuple(
        services.add_upload(member_id=member_id, file=file, purpose=why, at=at).pk for file in files
    )


def _page(request: HttpRequest, shape: Mapping[str, Any], line: Any, form: Any) -> HttpResponse:
    context = {
        "order": shape,
        "line": line,
        "form": form,
        "is_addition": "rating" not in form.fields,
    }
    context["breadcrumb"] = trail(_("My orders"), _("Review"))
    return render(request, "orders/review.html", context)
