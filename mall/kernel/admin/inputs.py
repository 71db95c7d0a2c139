"""Inputs that say the unit of what is typed."""

from typing import Any

from unfold.widgets import UnfoldAdminDecimalFieldWidget


class PercentInput(UnfoldAdminDecimalFieldWidget):
    """A figure before the sign of per cent."""

    template_name = "kernel/percent_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "pr-9", **(attrs or {})})
