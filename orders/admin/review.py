"""Reviews and what was added to them: read, let through, hidden for a reason, answered, featured.

The queue is the list of what waits, the most suspect first. Source: C-56, C-59, C-60, C-73.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from catalog.presenting import marked
from catalog.services import Text, screen_texts
from mall.kernel import clock
from mall.kernel.admin import OneRowAdmin, ReadOnlyAdmin, VerbPage, run_verb
from orders import services
from orders.admin.acting import actor_of
from orders.malice import POINTS
from orders.models import Review, ReviewAppend, Upload, VoicesPolicy
from orders.voices_presenting import image_of


class HidingForm(forms.Form):
    """Why words go off the pages."""

    reason = forms.CharField(label=_("reason"), max_length=200, widget=UnfoldAdminTextInputWidget())


class ReplyForm(forms.Form):
    """What the shop answers."""

    text = forms.CharField(label=_("reply"), max_length=500, widget=UnfoldAdminTextareaWidget())


class SaidAdmin(ReadOnlyAdmin):
    """Words of buyers: nobody rewrites them; what breaks the law is hidden."""

    actions: tuple[str, ...] = ("show",)
    actions_detail: tuple[str, ...] = ("hide_one",)
    said_as: str
    """What the verbs call the row."""
    show_verb: Callable[..., None]
    hide_verb: Callable[..., None]

    def has_moderate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.change_review"))

    @admin.display(description=_("banned words"))
    def words(self, said: Any) -> str:
        """The text with what was found in it marked."""
        findings = screen_texts([Text("", said.text, is_title=True)])
        return marked(said.text, [finding.hit for finding in findings])

    @admin.action(description=_("Show"), permissions=["moderate"])
    def show(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        """Let through what waits, put back what was hidden."""
        for row in rows:
            said = {self.said_as: row, "actor": actor_of(request), "at": clock.now()}
            verb = partial(self.show_verb, **said)
            run_verb(request, verb, _("Done: %(review)s") % {"review": row})

    @action(description=_("Hide"), permissions=["moderate"], icon="visibility_off")
    def hide_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks for the reason."""
        row: Any = get_object_or_404(self.model, pk=object_id)
        said = {self.said_as: row, "actor": actor_of(request), "at": clock.now()}

        def run(typed: Any) -> None:
            self.hide_verb(reason=typed["reason"], **said)

        return self.page_of(
            row,
            form_class=HidingForm,
            run=run,
            done=_("It is hidden."),
            button=_("Hide"),
            facts=((_("text"), row.text), (_("banned words"), self.words(row))),
        ).answer(request, self)

    def page_of(self, row: Any, **page: Any) -> VerbPage:
        """A page of one deed about a row."""
        meta = self.model._meta
        back = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
        return VerbPage(title=str(row), back=back, **page)


def _drawn(upload: Upload) -> SafeString:
    """A picture, or a video that plays when it is asked to: who decides has seen it."""
    if upload.video is not None:
        return format_html(
            '<video src="{}" width="160" controls preload="none"></video>', upload.video.file.url
        )
    picture = '<a href="{0}"><img src="{0}" alt="" width="96" loading="lazy"></a>'
    return format_html(picture, image_of(upload)["url"])


@admin.register(Review)
class ReviewAdmin(SaidAdmin):
    """What buyers say, the most suspect that waits in front."""

    said_as = "review"
    show_verb = staticmethod(services.show_review)
    hide_verb = staticmethod(services.hide_review)

    list_display = (
        "written_at",
        "product",
        "rating",
        "text",
        "member",
        "is_shown",
        "is_pending",
        "is_featured",
        "suspicion_points",
        "why",
    )
    list_filter = ("is_pending", "is_shown", "is_featured", "has_media", "rating")
    list_select_related = ("product", "member")
    search_fields = ("text", "product__title_zh")
    exclude = ("suspicions",)
    readonly_fields = ("words", "why", "shown_pictures")
    ordering = ("-is_pending", "-suspicion_points", "-written_at", "-pk")
    actions = ("show", "feature", "unfeature", "hide_pictures", "show_pictures")
    actions_detail = ("hide_one", "reply")

    def has_reward_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.reward_review"))

    @admin.display(description=_("held because of"))
    def why(self, review: Review) -> str:
        """Each sign with what it weighs."""
        signs = Review.Suspicion
        found = [f"{signs(code).label} (+{POINTS.get(code, 0)})" for code in review.suspicions]
        return ", ".join(found) or "-"

    @admin.display(description=_("pictures"))
    def shown_pictures(self, review: Review) -> SafeString | str:
        """Those that are shown, then those that were taken off."""
        rows = review.pictures.select_related("upload__media", "upload__video")
        drawn = [
            (_drawn(row.upload), "" if row.is_shown else _("hidden"))
            for row in rows.order_by("-is_shown", "pk")
        ]
        return format_html_join(" ", "{} {}", drawn) or "-"

    @admin.action(description=_("Feature, with its reward"), permissions=["reward"])
    def feature(self, request: HttpRequest, rows: QuerySet[Review]) -> None:
        """Put first; the writer gets the reward the first time."""
        for row in rows:
            verb = partial(
                services.feature_review, review=row, actor=actor_of(request), at=clock.now()
            )
            run_verb(request, verb, _("Done: %(review)s") % {"review": row})

    @admin.action(description=_("Feature no more"), permissions=["reward"])
    def unfeature(self, request: HttpRequest, rows: QuerySet[Review]) -> None:
        """Among the others again; a reward given stays given."""
        for row in rows:
            verb = partial(
                services.unfeature_review, review=row, actor=actor_of(request), at=clock.now()
            )
            run_verb(request, verb, _("Done: %(review)s") % {"review": row})

    @admin.action(description=_("Hide the pictures"), permissions=["moderate"])
    def hide_pictures(self, request: HttpRequest, rows: QuerySet[Review]) -> None:
        """The words stay."""
        self._set_pictures(request, rows, is_shown=False)

    @admin.action(description=_("Show the pictures again"), permissions=["moderate"])
    def show_pictures(self, request: HttpRequest, rows: QuerySet[Review]) -> None:
        """All of them."""
        self._set_pictures(request, rows, is_shown=True)

    def _set_pictures(
        self, request: HttpRequest, rows: QuerySet[Review], *, is_shown: bool
    ) -> None:
        for row in rows:
            verb = partial(
                services.set_pictures_shown,
                pictures=list(row.pictures.all()),
                is_shown=is_shown,
                actor=actor_of(request),
                at=clock.now(),
            )
            run_verb(request, verb, _("Done: %(review)s") % {"review": row})

    @action(description=_("Reply"), permissions=["moderate"], icon="reply")
    def reply(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Answer for the shop."""
        row = get_object_or_404(Review, pk=object_id)
        actor = actor_of(request)

        def run(typed: Any) -> None:
            services.reply_review(review=row, text=typed["text"], actor=actor, at=clock.now())

        return self.page_of(
            row,
            form_class=ReplyForm,
            run=run,
            done=_("The reply is on the page."),
            button=_("Reply"),
            facts=((_("text"), row.text), (_("the shop's reply"), row.reply or "-")),
        ).answer(request, self)


@admin.register(ReviewAppend)
class ReviewAppendAdmin(SaidAdmin):
    """What buyers added later."""

    said_as = "addition"
    show_verb = staticmethod(services.show_addition)
    hide_verb = staticmethod(services.hide_addition)

    list_display = ("written_at", "product", "text", "member", "is_shown", "is_pending")
    list_filter = ("is_pending", "is_shown")
    list_select_related = ("review__product", "review__member")
    search_fields = ("text", "review__product__title_zh")
    exclude = ("suspicions",)
    readonly_fields = ("words",)
    ordering = ("-is_pending", "-written_at", "-pk")

    @admin.display(description=_("product"))
    def product(self, addition: ReviewAppend) -> str:
        return str(addition.review.product)

    @admin.display(description=_("member"))
    def member(self, addition: ReviewAppend) -> str:
        return str(addition.review.member)


@admin.register(VoicesPolicy)
class VoicesPolicyAdmin(OneRowAdmin):
    """When reviews wait, and what a featured one is worth."""

    list_display = ("__str__", "hold_from_points", "reward_points")
    fields = (
        "hold_from_points",
        "same_text_products",
        "one_star_reviews",
        ("burst_reviews", "burst_minutes"),
        "rival_words",
        "reward_points",
    )

    def save_model(self, request: HttpRequest, obj: VoicesPolicy, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        services.save_voices_policy(changes=changes, actor=actor_of(request), at=clock.now())
