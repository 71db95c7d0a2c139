"""Which SKU of a product is meant, and what can still be chosen: works without script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

ON, SOLD_OUT, MISSING = "on", "sold_out", "missing"

Sku = Mapping[str, Any]


def option_words(data: QueryDict) -> list[str]:
    """``option_0``, ``option_1``, .. as a form sent them, in the order of the groups."""
    words: list[str] = []
    while (word := data.get(f"option_{len(words)}")) is not None:
        words.append(word)
    return words


def find_sku(skus: Sequence[Sku], words: Sequence[str]) -> Sku | None:
    """The SKU of these option words, None when they do not pick one."""
    return next((sku for sku in skus if list(sku["options"].values()) == list(words)), None)


def chosen_sku(skus: Sequence[Sku], query: QueryDict) -> Sku | None:
    """The SKU that an address names, else the first that can be bought, else the first."""
    named = query.get("sku", "")
    by_words = option_words(query)
    found = next((sku for sku in skus if str(sku["id"]) == named), None)
    if found is None and by_words:
        return find_sku(skus, by_words)
    return found or next((sku for sku in skus if sku["available"]), skus[0] if skus else None)


@dataclass(frozen=True, slots=True)
class Picker:
    """``axes``, ``skus`` and ``swatches`` of a product; ``words`` are the chosen values."""

    axes: Sequence[Mapping[str, Any]]
    skus: Sequence[Sku]
    words: Sequence[str]
    swatches: Mapping[tuple[str, str], Mapping[str, Any] | None]

    def groups(self) -> list[dict[str, Any]]:
        """One group of values an axis, each with the state it would lead to."""
        return [
            {
                "name": axis["name"],
                "values": [self.value(place, axis, value) for value in axis["values"]],
            }
            for place, axis in enumerate(self.axes)
        ]

    def value(
        self, place: int, axis: Mapping[str, Any], value: Mapping[str, Any]
    ) -> dict[str, Any]:
        """One value of an axis, the other choices kept."""
        name = value["name"]
        tried = [*self.words[:place], name, *self.words[place + 1 :]]
        return {
            "value": name,
            "image": self.swatches.get((axis["code"], value["code"])),
            "chosen": list(self.words[place : place + 1]) == [name],
            "state": state_of(find_sku(self.skus, tried)),
        }

    def data(self) -> dict[str, Any]:
        """What the script needs to mark combinations at once."""
        return {
            "skus": [
                {
                    "id": sku["id"],
                    "values": list(sku["options"].values()),
                    "available": sku["available"],
                    "picture": sku["image"]["url"] if sku["image"] else None,
                }
                for sku in self.skus
            ]
        }


def state_of(sku: Sku | None) -> str:
    """``on``, ``sold_out`` or ``missing``."""
    if sku is None:
        return MISSING
    return ON if sku["available"] else SOLD_OUT
