"""The span of days that a report is asked for: a named one, or two dates."""

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LONGEST = timedelta(days=365)
DAY = timedelta(days=1)
USUAL = "7d"

NAMES: dict[str, str | Promise] = {
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "7d": _("7 days"),
    "30d": _("30 days"),
    "month": _("This month"),
    "last_month": _("Last month"),
}


def _day_input() -> forms.DateInput:
    """The browser's own date picker, which takes ISO days only."""
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class SpanForm(forms.Form):
    """Two days, the first not after the last, at most a year apart, none in the future."""

    first = forms.DateField(label=_("from"), widget=_day_input())
    last = forms.DateField(label=_("to"), widget=_day_input())

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today
        for field in self.fields.values():
            field.widget.attrs["max"] = today.isoformat()

    def clean(self) -> dict[str, date]:
        """Raises: ValidationError when the days do not make a span."""
        days = super().clean() or {}
        first, last = days.get("first"), days.get("last")
        if first and last and not (first <= last <= self.today and last - first <= LONGEST):
            raise forms.ValidationError(
                _("Choose a first and a last day, at most a year apart and not in the future.")
            )
        return days


@dataclass(frozen=True, slots=True)
class Choice:
    """The days to show, the name they were asked by (empty for own dates), the form."""

    first: date
    last: date
    name: str
    form: SpanForm

    @property
    def query(self) -> str:
        """The query string that asks for the same days again."""
        return f"first={self.first:%Y-%m-%d}&last={self.last:%Y-%m-%d}"


def choose(query: QueryDict, today: date) -> Choice:
    """What was asked for; the usual seven days when it makes no sense, with the form saying why."""
    if "first" in query or "last" in query:
        form = SpanForm(query, today=today)
        if form.is_valid():
            days = form.cleaned_data
            return Choice(days["first"], days["last"], "", form)
        return Choice(*named(USUAL, today), "", form)
    name = query.get("span", USUAL)
    name = name if name in NAMES else USUAL
    first, last = named(name, today)
    form = SpanForm(initial={"first": first, "last": last}, today=today)
    return Choice(first, last, name, form)


def named(name: str, today: date) -> tuple[date, date]:
    """First and last day of a named span; a running month ends today."""
    month = today.replace(day=1)
    last_month = (month - DAY).replace(day=1)
    return {
        "today": (today, today),
        "yesterday": (today - DAY, today - DAY),
        "7d": (today - 6 * DAY, today),
        "30d": (today - 29 * DAY, today),
        "month": (month, today),
        "last_month": (last_month, month - DAY),
    }[name]
