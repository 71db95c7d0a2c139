"""Reviews: read, let through, taken off the pages for a reason, put back."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.presenting import marked
from catalog.services import Text, screen_texts
from mall.kernel import clock
from mall.kernel.admin import ReadOnlyAdmin, VerbPage, run_verb
from orders import services
from orders.admin.acting import actor_of
from orders.models import Review


class HidingForm(forms.Form):
    """Why a review goes off the pages."""

    reason = forms.CharField(label=_("reason"), max_length=200, widget=UnfoldAdminTextInputWidget())


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """What buyers say. Nobody rewrites it; what breaks the law is hidden."""

    list_display = (
        "written_at",
        "product",
        "rating",
        "text",
        "member",
        "is_anonymous",
        "is_shown",
        "is_pending",
        "why",
    )
    list_filter = ("is_pending", "is_shown", "rating")
    list_select_related = ("product", "member")
    search_fields = ("text", "product__title_zh")
    exclude = ("suspicions",)
    readonly_fields = ("words", "why")
    ordering = ("-written_at", "-pk")
    actions = ("show",)
    actions_detail = ("hide_one",)

    def has_moderate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.change_review"))

    @admin.display(description=_("held because of"))
    def why(self, review: Review) -> str:
        return ", ".join(str(Review.Suspicion(code).label) for code in review.suspicions) or "-"

    @admin.display(description=_("banned words"))
    def words(self, review: Review) -> str:
        """The text with what was found in it marked."""
        findings = screen_texts([Text("", review.text, is_title=True)])
        return marked(review.text, [finding.hit for finding in findings])

    @admin.action(description=_("Show"), permissions=["moderate"])
    def show(self, request: HttpRequest, reviews: QuerySet[Review]) -> None:
        """Let through what waits, put back what was hidden."""
        for review in reviews:
            verb = partial(
                services.show_review, review=review, actor=actor_of(request), at=clock.now()
            )
            run_verb(request, verb, _("Done: %(review)s") % {"review": review})

    @action(description=_("Hide"), permissions=["moderate"], icon="visibility_off")
    def hide_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks for the reason."""
        review = get_object_or_404(Review, pk=object_id)

        def run(typed: Any) -> None:
            services.hide_review(
                review=review, reason=typed["reason"], actor=actor_of(request), at=clock.now()
            )

        page = VerbPage(
            title=str(review),
            form_class=HidingForm,
            run=run,
            done=_("The review is hidden."),
            back=reverse("admin:orders_review_change", args=[review.pk]),
            button=_("Hide"),
            facts=((_("text"), review.text), (_("banned words"), self.words(review))),
        )
        return page.answer(request, self)
