"""Questions about products and their answers: answered, let through, hidden, made the FAQ. Source:
C-62."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from mall.kernel import clock
from mall.kernel.admin import ReadOnlyInline, run_verb
from orders import services
from orders.admin.acting import actor_of
from orders.admin.review import SaidAdmin
from orders.models import Answer, Question


class AnswerForm(forms.Form):
    """What the shop answers."""

    text = forms.CharField(
        label=pgettext_lazy("noun", "answer"), max_length=500, widget=UnfoldAdminTextareaWidget()
    )


class AnswerInline(ReadOnlyInline):
    """What was answered."""

    model = Answer
    fields = ("answered_at", "member", "actor", "text", "is_shown", "is_pending")


class AskedAdmin(SaidAdmin):
    """Questions and answers: one verb for both."""

    def has_moderate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.change_question"))

    said_as = "words"
    show_verb = staticmethod(services.show_words)
    hide_verb = staticmethod(services.hide_words)


@admin.register(Question)
class QuestionAdmin(AskedAdmin):
    """What waits for a person is in front, then what nobody answered."""

    list_display = (
        "asked_at",
        "product",
        "text",
        "member",
        "answers_count",
        "is_faq",
        "is_shown",
        "is_pending",
    )
    list_filter = ("is_pending", "is_shown", "is_faq")
    list_select_related = ("product", "member")
    search_fields = ("text", "product__title_zh")
    readonly_fields = ("words",)
    inlines = (AnswerInline,)
    ordering = ("-is_pending", "answers_count", "-asked_at", "-pk")
    actions = ("show", "into_faq", "out_of_faq")
    actions_detail = ("answer_one", "hide_one")

    @action(description=_("Answer"), permissions=["moderate"], icon="reply")
    def answer_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Answer for the shop; a waiting question is let through by it."""
        row = get_object_or_404(Question, pk=object_id)
        actor = actor_of(request)

        def run(typed: Any) -> None:
            services.answer_as_shop(question=row, text=typed["text"], actor=actor, at=clock.now())

        return self.page_of(
            row,
            form_class=AnswerForm,
            run=run,
            done=_("The answer is on the page."),
            button=_("Answer"),
            facts=((_("question"), row.text), (_("product"), str(row.product))),
        ).answer(request, self)

    @admin.action(description=_("Into the FAQ of the product"), permissions=["moderate"])
    def into_faq(self, request: HttpRequest, rows: QuerySet[Question]) -> None:
        """With their answers."""
        self._set_faq(request, rows, is_faq=True)

    @admin.action(description=_("Out of the FAQ"), permissions=["moderate"])
    def out_of_faq(self, request: HttpRequest, rows: QuerySet[Question]) -> None:
        """Among the others again."""
        self._set_faq(request, rows, is_faq=False)

    def _set_faq(self, request: HttpRequest, rows: QuerySet[Question], *, is_faq: bool) -> None:
        for row in rows:
            verb = partial(
                services.set_faq,
                question=row,
                is_faq=is_faq,
                actor=actor_of(request),
                at=clock.now(),
            )
            run_verb(request, verb, _("Done: %(review)s") % {"review": row})


@admin.register(Answer)
class AnswerAdmin(AskedAdmin):
    """Answers of buyers and of the shop."""

    list_display = ("answered_at", "question", "text", "member", "actor", "is_shown", "is_pending")
    list_filter = ("is_pending", "is_shown")
    list_select_related = ("question", "member", "actor")
    search_fields = ("text", "question__text")
    readonly_fields = ("words",)
    ordering = ("-is_pending", "-answered_at", "-pk")
