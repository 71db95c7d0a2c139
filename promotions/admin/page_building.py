"""The builder of a page: blocks in order, forms, preview, versions, releases. Source: X-05.

Every change saves the draft through a verb with the revision that was seen.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from mall.kernel import clock
from mall.kernel.admin import actor_of, run_verb
from promotions import selectors, services
from promotions.admin.block_forms import block_form, flat, tile_forms
from promotions.content import KINDS, WINDOW, Block, compare
from promotions.content_words import KIND_NAMES, change_text, kind_name
from promotions.models import ContentPage, PageVersion

PUBLISH = "promotions.publish_contentpage"
CHANGE = "promotions.change_contentpage"


@dataclass(frozen=True, slots=True)
class Bench:
    """A page on the bench: its draft, or the newest version as the draft to come."""

    page: ContentPage
    version: PageVersion | None
    revision: int

    @property
    def blocks(self) -> list[Block]:
        return list(self.version.blocks) if self.version else []


def bench_of(page_id: int) -> Bench:
    """What is being built."""
    page = get_object_or_404(ContentPage, pk=page_id)
    newest = selectors.versions_of(page_id).first()
    is_draft = newest is not None and newest.is_draft
    return Bench(page, newest, newest.revision if newest and is_draft else 0)


def check_may(request: HttpRequest, permission: str = CHANGE) -> None:
    """Refuse who may not."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def builder(model_admin: Any, request: HttpRequest, page_id: int) -> HttpResponse:
    """The page of the builder; a POST is one deed with the blocks, versions or releases."""
    if request.method == "POST":
        return _deed(request, bench_of(page_id))
    if not request.user.has_perm("promotions.view_contentpage"):
        raise PermissionDenied
    bench = bench_of(page_id)
    at = clock.now()
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": ContentPage._meta,
        "title": bench.page.title_zh,
        "bench": bench,
        "rows": [_row(number, block) for number, block in enumerate(bench.blocks)],
        "kinds": sorted(KIND_NAMES.items(), key=lambda one: str(one[1])),
        "findings": _findings(bench),
        "versions": _versions(page_id),
        "releases": [_release(one, at) for one in selectors.releases_of(page_id)],
        "preview_url": _preview_url(bench),
        "live_url": _live_url(bench.page),
        "may_change": request.user.has_perm(CHANGE),
        "may_publish": request.user.has_perm(PUBLISH),
    }
    return TemplateResponse(request, "admin/content_builder.html", context)


def _row(number: int, block: Block) -> dict[str, Any]:
    settings = block["settings"]
    title = settings.get("title") or {}
    tiles: list[Any] = next((value for value in settings.values() if _is_tiles(value)), [])
    return {
        "id": block["id"],
        "number": number + 1,
        "kind": kind_name(block["kind"]),
        "title": title.get("zh", "") if isinstance(title, dict) else "",
        "tiles": len(tiles),
        "is_shown": block["is_shown"],
        "starts_at": parse_datetime(block["starts_at"] or ""),
        "ends_at": parse_datetime(block["ends_at"] or ""),
        "audience": _audience(block["audience"]),
    }


def _is_tiles(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _audience(audience: dict[str, Any]) -> str:
    names = {
        "everybody": "",
        "guests": _("guests"),
        "members": _("members"),
        "new": _("new members"),
        "tiers": ", ".join(audience["tiers"]),
        "segment": audience["segment"],
    }
    said = (names[audience["who"]], audience.get("regions", ""))
    return " · ".join(str(one) for one in said if one)


def _findings(bench: Bench) -> list[str]:
    found = services.page_findings(bench.page, bench.blocks)
    return [finding.words for finding in found if finding.blocks]


def _versions(page_id: int) -> list[dict[str, Any]]:
    """Versions, newest first, each with what changed since the one before it."""
    rows = list(selectors.versions_of(page_id)[:20])
    olders: list[PageVersion | None] = [*rows[1:], None]
    return [
        {
            "row": row,
            "changes": [change_text(one) for one in compare(older.blocks, row.blocks)]
            if older
            else [],
            "preview_url": reverse("storefront:preview", args=[selectors.preview_token(row)]),
        }
        for row, older in zip(rows, olders, strict=True)
    ]


def _release(release: Any, at: datetime) -> dict[str, Any]:
    is_planned = release.live_at > at and release.cancelled_at is None
    return {"row": release, "is_planned": is_planned}


def _preview_url(bench: Bench) -> str:
    if bench.version is None:
        return ""
    return reverse("storefront:preview", args=[selectors.preview_token(bench.version)])


def _live_url(page: ContentPage) -> str:
    if page.kind == ContentPage.Kind.HOME:
        return reverse("storefront:home")
    if page.kind == ContentPage.Kind.TOPIC:
        return reverse("storefront:topic", args=[page.slug])
    return ""


# --- deeds ---------------------------------------------------------------------
def _deed(request: HttpRequest, bench: Bench) -> HttpResponse:
    deed = request.POST.get("deed", "")
    if deed in RELEASES:
        check_may(request, PUBLISH)
        RELEASES[deed](request, bench)
    elif deed in MOVES:
        check_may(request)
        blocks = MOVES[deed](bench.blocks, _place(bench.blocks, request.POST.get("block", "")))
        save_blocks(request, bench, blocks, _seen(request))
    return HttpResponseRedirect(build_url(bench.page.pk))


def build_url(page_id: int) -> str:
    """The address of a page's builder."""
    return reverse("admin:promotions_contentpage_build", args=[page_id])


def _seen(request: HttpRequest) -> int:
    raw = request.POST.get("revision", "0")
    return int(raw) if raw.isascii() and raw.isdigit() else -1


def save_blocks(request: HttpRequest, bench: Bench, blocks: list[Block], revision: int) -> bool:
    """Save the draft; says what went wrong when it did."""
    return run_verb(
        request,
        lambda: services.save_draft(
            page_id=bench.page.pk,
            blocks=blocks,
            revision=revision,
            at=clock.now(),
            actor=actor_of(request),
        ),
        _("The draft was saved. Shoppers see it when it is published."),
    )


def _place(blocks: list[Block], block_id: str) -> int:
    return next((place for place, one in enumerate(blocks) if one["id"] == block_id), -1)


def _swap(blocks: list[Block], one: int, other: int) -> list[Block]:
    if one >= 0 and 0 <= other < len(blocks):
        blocks[one], blocks[other] = blocks[other], blocks[one]
    return blocks


def _toggled(blocks: list[Block], place: int) -> list[Block]:
    if place >= 0:
        blocks[place] = {**blocks[place], "is_shown": not blocks[place]["is_shown"]}
    return blocks


def _without(blocks: list[Block], place: int) -> list[Block]:
    return [one for number, one in enumerate(blocks) if number != place]


MOVES: dict[str, Callable[[list[Block], int], list[Block]]] = {
    "up": lambda blocks, place: _swap(blocks, place, place - 1),
    "down": lambda blocks, place: _swap(blocks, place, place + 1),
    "toggle": _toggled,
    "remove": _without,
}


def _moment(text: str) -> datetime | None:
    """A moment of the shop's clock; None when it is none."""
    try:
        raw = parse_datetime(text)
    except ValueError:
        return None
    return make_aware(raw, clock.SHANGHAI) if raw and raw.tzinfo is None else raw


def _publish(request: HttpRequest, bench: Bench) -> None:
    at, planned = clock.now(), request.POST.get("live_at", "").strip()
    live_at = _moment(planned)
    if planned and live_at is None:
        messages.error(request, _("This is no moment: write it like 2026-12-01T10:00."))
        return
    number = request.POST.get("number", "")
    run_verb(
        request,
        lambda: services.release_version(
            page_id=bench.page.pk,
            number=int(number) if number.isascii() and number.isdigit() else None,
            live_at=live_at,
            at=at,
            actor=actor_of(request),
        ),
        _("Published for a moment to come.") if live_at else _("Published: shoppers see it now."),
    )


def _take_down(request: HttpRequest, bench: Bench) -> None:
    run_verb(
        request,
        lambda: services.take_down_page(
            page_id=bench.page.pk, at=clock.now(), actor=actor_of(request)
        ),
        _("The page is taken down."),
    )


def _cancel(request: HttpRequest, bench: Bench) -> None:
    raw = request.POST.get("release", "")
    release_id = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0
    run_verb(
        request,
        lambda: services.cancel_release(
            page_id=bench.page.pk, release_id=release_id, at=clock.now(), actor=actor_of(request)
        ),
        _("The planned release is called off."),
    )


RELEASES: dict[str, Callable[[HttpRequest, Bench], None]] = {
    "publish": _publish,
    "take_down": _take_down,
    "cancel": _cancel,
}


# --- one block -----------------------------------------------------------------
def edit_block(model_admin: Any, request: HttpRequest, page_id: int, block_id: str) -> HttpResponse:
    """The form of a block that is there, or of a new one: ``new-<kind>``."""
    check_may(request)
    bench = bench_of(page_id)
    place = _place(bench.blocks, block_id)
    kind = bench.blocks[place]["kind"] if place >= 0 else block_id.removeprefix("new-")
    if kind not in KINDS:
        return HttpResponseRedirect(build_url(page_id))
    block = bench.blocks[place] if place >= 0 else _fresh(kind)
    form, tiles = _forms(request, block)
    if request.method == "POST" and form.is_valid() and (tiles is None or tiles[1].is_valid()):
        changed = _typed(block, form, tiles)
        blocks = bench.blocks
        blocks[place if place >= 0 else len(blocks) :] = [
            changed,
            *(blocks[place + 1 :] if place >= 0 else ()),
        ]
        if save_blocks(request, bench, blocks, _seen(request)):
            return HttpResponseRedirect(build_url(page_id))
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": ContentPage._meta,
        "title": kind_name(kind),
        "media": model_admin.media + form.media,
        "bench": bench,
        "form": form,
        "tiles": tiles and tiles[1],
        "back_url": build_url(page_id),
    }
    return TemplateResponse(request, "admin/content_block.html", context)


def _fresh(kind: str) -> Block:
    settings = {field.name: field.empty() for field in KINDS[kind].fields}
    window = {field.name: field.empty() for field in WINDOW}
    name = f"{kind}-{secrets.token_hex(3)}"
    return {"id": name, "kind": kind, "is_shown": True, **window, "settings": settings}


def _forms(request: HttpRequest, block: Block) -> tuple[Any, Any]:
    typed, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    kind = block["kind"]
    initial = {**flat(block["settings"], KINDS[kind].fields), **flat(block, WINDOW)}
    form = block_form(kind, typed, files, initial=initial)
    rows = [
        flat(tile, field.fields)
        for field in KINDS[kind].fields
        if hasattr(field, "fields")
        for tile in block["settings"][field.name]
    ]
    return form, tile_forms(kind, typed, files, initial=rows)


def _typed(block: Block, form: Any, tiles: Any) -> Block:
    values = form.values()
    window = {field.name: values.pop(field.name) for field in WINDOW}
    settings = {**values}
    if tiles is not None:
        name, forms_of = tiles
        ordered = sorted(
            (one for one in forms_of if one.has_changed() or one.initial),
            key=lambda one: one.cleaned_data.get("ORDER") or len(forms_of) + 1,
        )
        settings[name] = [one.values() for one in ordered if not one.cleaned_data.get("DELETE")]
    return {**block, **window, "settings": settings}
