"""Event classes, their names on the wire, and who listens."""

import dataclasses
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar, Self, get_type_hints

Handler = Callable[[Any], None]
_classes: dict[str, type["Event"]] = {}
_handlers: dict[str, list[Handler]] = {}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all domain events: frozen dataclasses of plain values, named in the past tense.

    Subclasses set ``name`` ("orders.order_paid"), which is stored and must never change.
    """

    name: ClassVar[str]
    at: datetime

    def to_payload(self) -> dict[str, Any]:
        """The fields as JSON values; instants become ISO 8601 strings."""
        return {
            key: value.isoformat() if isinstance(value, datetime | date) else value
            for key, value in dataclasses.asdict(self).items()
        }

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Self:
        """Build the event again; unknown keys of a newer release are ignored."""
        hints = get_type_hints(cls)
        values = {}
        for field in dataclasses.fields(cls):
            if field.name in payload:
                values[field.name] = _revive(hints[field.name], payload[field.name])
        return cls(**values)


def _revive(hint: Any, value: Any) -> Any:
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is date:
        return date.fromisoformat(value)
    if isinstance(value, list):
        return tuple(tuple(item) if isinstance(item, list) else item for item in value)
    return value


def subscribe(event_class: type[Event], handler: Handler) -> None:
    """Let ``handler(event)`` run for every committed event of the class, in the relay's
    transaction."""
    _classes[event_class.name] = event_class
    handlers = _handlers.setdefault(event_class.name, [])
    if handler not in handlers:
        handlers.append(handler)


def handlers_of(name: str) -> list[tuple[str, Handler]]:
    """Handlers of the event ``name`` with the stable ids they are remembered by."""
    return [(f"{h.__module__}.{h.__qualname__}", h) for h in _handlers.get(name, [])]


def heard_names() -> list[str]:
    """Names of the events that somebody listens to."""
    return [name for name, handlers in _handlers.items() if handlers]


def class_of(name: str) -> type[Event] | None:
    """The event class stored under ``name``, None when nobody in this release listens to it."""
    return _classes.get(name)
