"""Reviews of a product, buyer shows of the shop, questions: read, liked, asked, answered."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog import presenting
from catalog.selectors import cards_of, check_on_sale
from mall.kernel import clock
from mall.kernel.errors import ShopError
from mall.storefront import voices
from mall.storefront.going import go_back
from mall.storefront.paging import page_of
from mall.storefront.refusals import sentence
from mall.storefront.review_forms import AnswerForm, QuestionForm
from mall.storefront.shopper import member_of, members_only, the_member
from orders import services
from orders.models import Question
from orders.presenting import question_dict
from orders.selectors import buyer_shows, questions_of, review_counts, reviews_of

SHOWS_A_PAGE = 12


@require_safe
def product_reviews(request: HttpRequest, product_id: int) -> HttpResponse:
    """All reviews of one product, narrowed by stars or kind. Queries: 5 and the shell's."""
    stars, only = voices.review_filter(request.GET)
    rows, page = page_of(request, reviews_of(product_id, rating=stars, only=only))
    context = {
        **_product(product_id),
        "reviews": voices.shown(rows, voices.likes_of(member_of(request), rows)),
        "chips": voices.review_chips(request, review_counts(product_id)),
        "page": page,
    }
    context["breadcrumb"] = voices.product_crumbs(context["product"], _("Reviews"))
    return render(request, "storefront/reviews.html", context)


@require_safe
def shows(request: HttpRequest) -> HttpResponse:
    """The feed of buyer shows. Queries: 4 and the shell's."""
    at = clock.now()
    rows, page = page_of(request, buyer_shows(at=at), SHOWS_A_PAGE)
    reviews = voices.shown(rows, voices.likes_of(member_of(request), rows))
    context = {
        "shows": voices.with_products(reviews, at),
        "page": page,
        "breadcrumb": [{"label": _("Buyer shows")}],
    }
    return render(request, "storefront/shows.html", context)


@require_POST
@members_only
def like(request: HttpRequest, review_id: int) -> HttpResponse:
    """Like a review, or no more: the form says which."""
    member_id = the_member(request).pk
    if request.POST.get("do") == "unlike":
        services.unlike_review(review_id=review_id, member_id=member_id)
    else:
        services.like_review(review_id=review_id, member_id=member_id, at=clock.now())
    return go_back(request, "shows")


@require_safe
def questions(request: HttpRequest, product_id: int) -> HttpResponse:
    """All questions about one product, and the form to ask. Queries: 5 and the shell's."""
    rows, page = page_of(request, questions_of(product_id))
    context = {
        **_product(product_id),
        "questions": [question_dict(row) for row in rows],
        "can_answer": voices.can_answer(member_of(request), product_id),
        "form": QuestionForm(),
        "page": page,
    }
    context["breadcrumb"] = voices.product_crumbs(context["product"], _("Questions"))
    return render(request, "storefront/questions.html", context)


@require_POST
@members_only
def ask(request: HttpRequest, product_id: int) -> HttpResponse:
    """Ask about a product."""
    form, member_id = QuestionForm(request.POST), the_member(request).pk
    if not form.is_valid():
        messages.error(request, _("Write your question: up to 200 characters."))
        return redirect("storefront:questions", product_id)
    question: Question = services.ask_question(
        member_id=member_id, product_id=product_id, at=clock.now(), **form.cleaned_data
    )
    asked = _("Your question is there. We tell you when somebody answers.")
    waits = _("Thank you. Your question is shown after somebody has read it.")
    messages.success(request, asked if question.is_shown else waits)
    return redirect("storefront:questions", product_id)


@require_POST
@members_only
def answer(request: HttpRequest, product_id: int, question_id: int) -> HttpResponse:
    """Answer a question about something one has bought."""
    form, member_id = AnswerForm(request.POST), the_member(request).pk
    if not form.is_valid():
        messages.error(request, _("Write your answer: up to 500 characters."))
        return redirect("storefront:questions", product_id)
    try:
        given = services.answer_as_buyer(
            member_id=member_id, question_id=question_id, at=clock.now(), **form.cleaned_data
        )
    except ShopError as error:
        messages.error(request, sentence(error))
        return redirect("storefront:questions", product_id)
    waits = _("Thank you. Your answer is shown after somebody has read it.")
    messages.success(request, _("Thank you for your answer.") if given.is_shown else waits)
    return redirect("storefront:questions", product_id)


def _product(product_id: int) -> dict[str, Any]:
    """The card of a product of the shop. Queries: 2. Raises: NotFound."""
    at = clock.now()
    check_on_sale(product_id, at)
    return {"product": presenting.card(cards_of([product_id], at=at)[product_id])}
