"""Message templates: registered by the app that sends them, rendered in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from mall.kernel.money import yuan
from mall.kernel.words import localized

_templates: dict[str, "MessageTemplate"] = {}


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """``title`` and ``body`` are lazy translations with named %-placeholders; ``channels`` the
    default ones."""

    code: str
    title: str | Promise
    body: str | Promise
    channels: tuple[str, ...] = ("inbox",)


def register(*templates: MessageTemplate) -> None:
    """Make templates known; called from an app's ready()."""
    _templates.update({template.code: template for template in templates})


def template_of(code: str) -> MessageTemplate:
    """Raises: KeyError for a template that no app registered."""
    return _templates[code]


def render(code: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Title and body in the active language.

    A param named ``*_fen`` may be shown as ``%(*_yuan)s``, a pair ``*_zh`` and ``*_en`` as
    ``%(*)s``.
    """
    values = dict(params)
    for key, value in params.items():
        if key.endswith("_fen") and isinstance(value, int):
            values[f"{key[:-4]}_yuan"] = yuan(value)
        elif key.endswith("_zh"):
            values[key[:-3]] = localized(params, key[:-3])
    template = template_of(code)
    return str(template.title) % values, str(template.body) % values
