"""Reviews: read, taken off the pages, put back."""

from functools import partial

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mall.kernel import clock
from mall.kernel.admin import ReadOnlyAdmin, run_verb
from orders import services
from orders.admin.acting import actor_of
from orders.models import Review


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """What buyers say. Nobody rewrites it; what breaks the law is hidden."""

    list_display = ("written_at", "product", "rating", "text", "member", "is_anonymous", "is_shown")
    list_filter = ("rating", "is_shown")
    list_select_related = ("product", "member")
    search_fields = ("text", "product__title_zh")
    ordering = ("-written_at", "-pk")
    actions = ("hide", "show")

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("orders.change_review"))

    @admin.action(description=_("Hide"), permissions=["moderate"])
    def hide(self, request: HttpRequest, reviews: QuerySet[Review]) -> None:
        self._show(request, reviews, is_shown=False)

    @admin.action(description=_("Show"), permissions=["moderate"])
    def show(self, request: HttpRequest, reviews: QuerySet[Review]) -> None:
        self._show(request, reviews, is_shown=True)

    def _show(self, request: HttpRequest, reviews: QuerySet[Review], *, is_shown: bool) -> None:
        for review in reviews:
            verb = partial(
                services.show_review,
                review=review,
                is_shown=is_shown,
                actor=actor_of(request),
                at=clock.now(),
            )
            run_verb(request, verb, _("Done: %(review)s") % {"review": review})
