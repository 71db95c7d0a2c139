"""The choices of an attribute as an operator types them: one a line, both languages (C-04)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from mall.kernel.db import refuse_unsafe_text

MOST_CHOICES = 200
LONGEST = 80


class ChoicesWidget(UnfoldAdminTextareaWidget):
    """Stored choices as lines; what was typed stays as it is."""

    def format_value(self, value: Any) -> str:
        if not isinstance(value, list):
            return str(value or "")
        return "\n".join(_line(choice) for choice in value)


class ChoicesField(forms.CharField):
    """Lines that become ``[{zh, en}]``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=ChoicesWidget(attrs={"rows": 3}),
            validators=[refuse_unsafe_text],
            help_text=_("One a line: 硅胶 | Silicone."),
            **kwargs,
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = [_pair(_line(choice)) for choice in initial or []]
        return before != [_pair(line) for line in (data or "").splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return value

    def clean(self, value: Any) -> list[dict[str, str]]:
        pairs = [_pair(line) for line in super().clean(value).splitlines() if line.strip()]
        words = [zh for zh, _en in pairs]
        if len(pairs) > MOST_CHOICES or any(len(word) > LONGEST for pair in pairs for word in pair):
            raise forms.ValidationError(_("At most 200 choices of at most 80 letters."))
        if not all(words) or len(set(words)) < len(words):
            raise forms.ValidationError(_("Every line needs a Chinese word of its own."))
        return [{"zh": zh, **({"en": en} if en else {})} for zh, en in pairs]


def _line(choice: dict[str, str]) -> str:
    return " | ".join(word for word in (choice.get("zh", ""), choice.get("en", "")) if word)


def _pair(line: str) -> tuple[str, str]:
    zh, _bar, en = line.replace("｜", "|").partition("|")
    return zh.strip(), en.strip()
