"""Rows of several tables as JSON of one statement, read back as models: what many small reads of a
page cost else is the way to the database and back.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model
from django.db.models.functions import JSONObject

Row = Mapping[str, Any]
Kind = TypeVar("Kind", bound=Model)


def as_json(*columns: str, below: str = "", **parts: Any) -> Any:
    """These columns as one JSON object, of the table itself or of the one ``below`` a relation;
    ``parts`` are expressions, such as an ``ArraySubquery`` of more objects."""
    prefix = f"{below}__" if below else ""
    return JSONObject(**{name: f"{prefix}{name}" for name in columns}, **parts)


def stored(model: type[Kind], row: Row | None, **related: Any) -> Kind | None:
    """A row of ``as_json`` as the model has it; None where the relation led nowhere. ``related``
    are objects that it leads to, or lists of those that lead to it; other columns stay away."""
    if row is None or row["id"] is None:
        return None
    fields = [field for field in model._meta.concrete_fields if field.attname in row]
    values = [field.to_python(row[field.attname]) for field in fields]
    found = model.from_db("default", [field.attname for field in fields], values)
    for name, value in related.items():
        if isinstance(value, list):
            lists = found.__dict__.setdefault("_prefetched_objects_cache", {})
            lists[name] = value
        else:
            found._meta.get_field(name).set_cached_value(found, value)  # type: ignore[union-attr]
    return found
