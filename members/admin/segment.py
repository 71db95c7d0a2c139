"""Groups of members: the rule is chosen and typed, not written as JSON; filled by the hour, when
the rule changes, and at a press."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, VerbPage, run_verb
from mall.kernel.db import refuse_unsafe_text
from mall.kernel.errors import InvalidInput
from mall.kernel.words import localized
from members import services
from members.models import Segment, Tier
from members.selectors import MemberTag

BY_HAND, ALL, TIER, TIER_FROM, JOINED = "", "all", "tier", "tier_from", "joined_days"
KINDS: Mapping[str, Any] = {
    BY_HAND: gettext_lazy("no rule: stays as it is"),
    ALL: gettext_lazy("all members"),
    TIER: gettext_lazy("members of one tier"),
    TIER_FROM: gettext_lazy("members of a tier and those above it"),
    JOINED: gettext_lazy("members who joined lately"),
}


def kinds() -> list[tuple[str, Any]]:
    """Every kind of rule: the own ones, and those that apps above have brought."""
    return [*KINDS.items(), *services.segment_rules().items()]


def rule_in_words(rule: object) -> str:
    """Who a rule gathers."""
    name, value = _kind_and_value(rule)
    if name == JOINED:
        return _("joined in the last %(days)s days") % {"days": value}
    words = str(dict(kinds()).get(name, name))
    return words if name in (BY_HAND, ALL) else f"{words}: {value}"


def _kind_and_value(rule: object) -> tuple[str, Any]:
    """What a rule goes by and what completes it; none for what is no single rule."""
    return next(iter(services.one_rule(rule).items()), (BY_HAND, None))


def new_segment_url(tag: MemberTag) -> str:
    """The form of a new segment of everybody with the same word."""
    ((kind, value),) = tag.rule.items()
    asked = {
        "rule_kind": kind,
        "rule_value": value,
        "title_zh": tag.title_zh,
        "title_en": tag.title_en,
    }
    return f"{reverse('admin:members_segment_add')}?{urlencode(asked)}"


class SegmentForm(forms.ModelForm):
    """A group and who belongs to it."""

    rule_kind = forms.ChoiceField(
        label=gettext_lazy("Who belongs to it"),
        choices=kinds,
        required=False,
        widget=UnfoldAdminSelectWidget(),
    )
    tier = forms.ModelChoiceField(
        Tier.objects.order_by("rank"),
        label=pgettext_lazy("segment", "Tier"),
        required=False,
        to_field_name="code",
        widget=UnfoldAdminSelectWidget(),
    )
    joined_days = forms.IntegerField(
        label=gettext_lazy("Days since joining"),
        required=False,
        min_value=1,
        max_value=services.MOST_DAYS,
        help_text=gettext_lazy("30: joined on the last thirty days, today among them."),
        widget=UnfoldAdminIntegerFieldWidget(),
    )
    rule_value = forms.CharField(
        label=gettext_lazy("Its address"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("As in the address of its page: tea of /category/tea/."),
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )

    is_asked_anew = False

    class Meta:
        model = Segment
        fields = ("title_zh", "title_en", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, value = _kind_and_value(self.instance.rule)
        if name not in dict(kinds()):
            _offer(self.fields["rule_kind"], name)
        if self.instance.pk:
            field = _typed_in(name)
            shown = str(value) if field == "rule_value" else value
            self.initial.update({"rule_kind": name, field: shown})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        name = cleaned.get("rule_kind", BY_HAND)
        field = _typed_in(name)
        if self.instance.pk and not {"rule_kind", field} & set(self.changed_data):
            return cleaned
        self.is_asked_anew = True
        value = cleaned.get(field) if field else True
        if name and not value and field not in self.errors:
            self.add_error(field, _("Say which."))
        value = value.code if isinstance(value, Tier) else value
        self.instance.rule = {name: value} if name and value else {}
        if self.instance.rule:
            self._check(field or "rule_kind")
        return cleaned

    def _check(self, field: str) -> None:
        """A rule that would gather nobody because what it names is not there is not kept."""
        try:
            services.check_segment_rule(rule=self.instance.rule, at=clock.now())
        except InvalidInput as error:
            self.add_error(field, str(error))


def _offer(field: Any, kind: str) -> None:
    """A kind that no app brings any more stays chosen until another one is."""
    field.choices = [*kinds(), (kind, kind)]


def _typed_in(kind: str) -> str:
    """The field that a kind of rule is completed by; empty when it needs none."""
    if kind in (BY_HAND, ALL):
        return ""
    return {TIER: "tier", TIER_FROM: "tier", JOINED: "joined_days"}.get(kind, "rule_value")


@admin.register(Segment)
class SegmentAdmin(MallAdmin):
    """Groups of members and who belongs to them."""

    form = SegmentForm
    list_display = ("title_zh", "code", "who", "size", "filled_at")
    search_fields = ("title_zh", "title_en", "code")
    fields = (
        ("title_zh", "title_en"),
        "code",
        "rule_kind",
        "tier",
        "joined_days",
        "rule_value",
        ("size", "filled_at"),
    )
    readonly_fields = ("size", "filled_at")
    conditional_fields = {
        "tier": f"rule_kind == '{TIER}' || rule_kind == '{TIER_FROM}'",
        "joined_days": f"rule_kind == '{JOINED}'",
        "rule_value": " && ".join(f"rule_kind != '{kind}'" for kind in KINDS),
    }
    actions = ("fill",)
    actions_detail = ("fill_now",)

    @admin.display(description=gettext_lazy("Who belongs to it"))
    def who(self, segment: Segment) -> str:
        return rule_in_words(segment.rule)

    def save_model(self, request: HttpRequest, obj: Segment, form: Any, change: bool) -> None:
        """A rule that changed is asked at once."""
        super().save_model(request, obj, form, change)
        if obj.rule and form.is_asked_anew:
            services.fill_segment_by_rule(segment=obj, at=clock.now())

    @admin.action(description=gettext_lazy("Fill by its rule"), permissions=["change"])
    def fill(self, request: HttpRequest, segments: QuerySet[Segment]) -> None:
        for segment in segments:
            verb = partial(services.fill_segment_by_rule, segment=segment, at=clock.now())
            run_verb(request, verb, filled(segment))

    @action(
        description=gettext_lazy("Fill now"),
        url_path="fill",
        permissions=["change"],
        icon="autorenew",
    )
    def fill_now(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same for the one that is looked at."""
        segment = get_object_or_404(Segment, pk=object_id)
        page = VerbPage(
            title=str(segment),
            form_class=forms.Form,
            run=lambda _typed: services.fill_segment_by_rule(segment=segment, at=clock.now()),
            done=filled(segment),
            back=reverse("admin:members_segment_change", args=[segment.pk]),
            button=_("Fill now"),
            facts=(
                (_("Who belongs to it"), rule_in_words(segment.rule)),
                (_("members"), segment.size),
                (_("filled at"), _moment(segment.filled_at)),
            ),
        )
        return page.answer(request, self)


def _moment(at: datetime | None) -> str:
    return localize(localtime(at)) if at else "-"


def filled(segment: Segment) -> str:
    """What is said when it is."""
    return _("%(name)s is filled.") % {"name": localized(segment, "title")}
