"""Who is shown a block or a tile, where and when. The clock decides, not a job. Source: X-02,
C-71."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from promotions.content.fields import Choice, Field, Instant, Slug, read_instant, read_object
from promotions.content.problems import Path, Problems

EVERYBODY, GUESTS, MEMBERS, NEW, TIERS, SEGMENT = WHO = (
    "everybody",
    "guests",
    "members",
    "new",
    "tiers",
    "segment",
)
MOST_TIERS = 12


@dataclass(frozen=True, slots=True)
class Viewer:
    """What is known of who looks: of a guest at most where they want parcels to go. ``regions`` are
    the sets of that region which the page asks for, None where nobody said."""

    is_member: bool = False
    is_new: bool = False
    tier: str = ""
    segments: frozenset[str] = frozenset()
    regions: frozenset[str] | None = None


GUEST = Viewer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience(Field):
    """{"who": ..., "tiers": [codes], "segment": code}; left out: everybody. With "regions", the
    code of a region set, those of them who are in it."""

    name: str = "audience"
    who: Choice = field(default=Choice(name="who", options=WHO))
    segment: Slug = field(default=Slug(name="segment", of="segment"))
    regions: Slug = field(default=Slug(name="regions", of="region_set"))

    def empty(self) -> dict[str, Any]:
        return {"who": EVERYBODY, "tiers": [], "segment": ""}

    def read(self, raw: Any, path: Path, problems: Problems) -> dict[str, Any]:
        if not isinstance(raw, dict):
            problems.add(path, "audience")
            return self.empty()
        tiers = raw.get("tiers") or []
        if not isinstance(tiers, list) or not all(isinstance(one, str) and one for one in tiers):
            problems.add((*path, "tiers"), "choice", options="")
            tiers = []
        rest = {name: value for name, value in raw.items() if name != "tiers"}
        found = read_object(rest, (self.who, self.segment, self.regions), path, problems)
        if found["who"] == TIERS and not tiers:
            problems.add((*path, "tiers"), "required")
        if found["who"] == SEGMENT and not found["segment"]:
            problems.add((*path, "segment"), "required")
        if not found["regions"]:
            del found["regions"]  # as pages are that were kept before there were any
        return {**found, "tiers": tiers[:MOST_TIERS]}


WINDOW: tuple[Field, ...] = (Instant(name="starts_at"), Instant(name="ends_at"), Audience())
"""The fields of what is shown for a while, to some."""


def check_window(values: Mapping[str, Any], path: Path, problems: Problems) -> None:
    """An end comes after its start."""
    starts, ends = read_instant(values["starts_at"]), read_instant(values["ends_at"])
    if starts and ends and ends <= starts:
        problems.add((*path, "ends_at"), "before_start")


def is_on(values: Mapping[str, Any], at: datetime) -> bool:
    """True inside [starts_at, ends_at)."""
    starts, ends = read_instant(values.get("starts_at")), read_instant(values.get("ends_at"))
    return (starts is None or starts <= at) and (ends is None or at < ends)


def is_for(values: Mapping[str, Any], viewer: Viewer) -> bool:
    """True when the viewer is one of those it was placed for."""
    audience = values.get("audience") or {}
    if not _is_there(audience.get("regions"), viewer):
        return False
    who = audience.get("who", EVERYBODY)
    return {
        EVERYBODY: True,
        GUESTS: not viewer.is_member,
        MEMBERS: viewer.is_member,
        NEW: viewer.is_member and viewer.is_new,
        TIERS: viewer.is_member and viewer.tier in audience.get("tiers", ()),
        SEGMENT: viewer.is_member and audience.get("segment") in viewer.segments,
    }.get(who, False)


def _is_there(regions: str | None, viewer: Viewer) -> bool:
    """As goods are shown: a limit is kept from those who are known to be elsewhere."""
    return not regions or viewer.regions is None or regions in viewer.regions
