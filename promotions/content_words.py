"""Kinds of blocks, their fields, problems and changes, in words for operators."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from promotions.content import Change, Problem

KIND_NAMES: dict[str, str | Promise] = {
    "carousel": pgettext_lazy("block", "carousel"),
    "zones": pgettext_lazy("block", "promotion zones"),
    "products": pgettext_lazy("block", "chosen goods"),
    "hot": pgettext_lazy("block", "hot zone"),
    "new": pgettext_lazy("block", "new zone"),
    "seasonal": pgettext_lazy("block", "goods of the season"),
    "flash": pgettext_lazy("block", "flash sale"),
    "coupons": pgettext_lazy("block", "coupons"),
    "topics": pgettext_lazy("block", "topics"),
    "countdown": pgettext_lazy("block", "countdown"),
    "text": pgettext_lazy("block", "text"),
    "image": pgettext_lazy("block", "picture"),
    "video": pgettext_lazy("block", "video"),
    "feed": pgettext_lazy("block", "more goods"),
    "shows": pgettext_lazy("block", "buyer shows"),
    "promises": pgettext_lazy("block", "promises"),
    "floating": pgettext_lazy("block", "floating buttons"),
}
FIELD_NAMES: dict[str, str | Promise] = {
    "id": gettext_lazy("code"),
    "kind": gettext_lazy("kind"),
    "is_shown": gettext_lazy("shown"),
    "starts_at": gettext_lazy("starts at"),
    "ends_at": gettext_lazy("ends at"),
    "audience": gettext_lazy("for"),
    "who": gettext_lazy("for"),
    "tiers": gettext_lazy("tiers"),
    "segment": gettext_lazy("segment"),
    "regions": gettext_lazy("only in"),
    "slides": gettext_lazy("slides"),
    "tiles": gettext_lazy("tiles"),
    "items": gettext_lazy("promises"),
    "buttons": gettext_lazy("buttons"),
    "picture": gettext_lazy("picture"),
    "video": gettext_lazy("video"),
    "ink": gettext_lazy("palette"),
    "icon": gettext_lazy("icon"),
    "kicker": gettext_lazy("kicker"),
    "title": gettext_lazy("title"),
    "line": gettext_lazy("line"),
    "button": gettext_lazy("button"),
    "label": gettext_lazy("label"),
    "link": gettext_lazy("link"),
    "more": gettext_lazy("link of More"),
    "note": gettext_lazy("note"),
    "count": gettext_lazy("how many"),
    "products": gettext_lazy("products"),
    "coupons": gettext_lazy("coupons"),
    "layout": gettext_lazy("layout"),
    "season": gettext_lazy("season"),
    "category": gettext_lazy("category"),
    "target_at": gettext_lazy("counts down to"),
    "body": gettext_lazy("text"),
    "alt": gettext_lazy("text instead of the picture"),
    "zh": gettext_lazy("Chinese"),
    "en": gettext_lazy("English"),
}
PROBLEMS: dict[str, str | Promise] = {
    "required": gettext_lazy("must be filled in"),
    "too_long": gettext_lazy("has more than %(most)s characters"),
    "too_many": gettext_lazy("has more than %(most)s entries"),
    "range": gettext_lazy("must be from %(least)s to %(most)s"),
    "choice": gettext_lazy("is none of the choices"),
    "link": gettext_lazy("must be a path of this shop, such as /category/tea/"),
    "slug": gettext_lazy("must be of small letters, digits and dashes"),
    "number": gettext_lazy("must be chosen"),
    "numbers": gettext_lazy("must be a list of what is chosen"),
    "instant": gettext_lazy("must be a date and a time"),
    "before_start": gettext_lazy("must come after the start"),
    "twice": gettext_lazy("stands on the page twice"),
    "unknown": gettext_lazy("is not known"),
    "missing": gettext_lazy("names what is not there: %(missing)s"),
    "text": gettext_lazy("has characters that cannot be shown"),
}
FALLBACK = gettext_lazy("is not as it should be")


def kind_name(kind: str) -> str:
    """The kind of a block in words."""
    return str(KIND_NAMES.get(kind, kind))


def field_name(name: str) -> str:
    """A field of a block in words."""
    return str(FIELD_NAMES.get(name, name))


def problem_text(problem: Problem) -> str:
    """Block 2, slides 1, link: must be a path of this shop."""
    return _("%(where)s: %(what)s") % {
        "where": ", ".join(_places(problem.path)),
        "what": what_is_wrong(problem),
    }


def what_is_wrong(problem: Problem) -> str:
    """The second half alone, for a field of a form."""
    return str(PROBLEMS.get(problem.code, FALLBACK)) % dict(problem.facts)


def _places(path: tuple[str | int, ...]) -> Iterable[str]:
    names = [part for part in path if part != "settings"]
    if not names:
        yield _("the page")
    for place, part in enumerate(names):
        if place == 0 and isinstance(part, int):
            yield _("block %(number)s") % {"number": part + 1}
        elif isinstance(part, int):
            yield str(part + 1)
        else:
            yield field_name(part)


def change_text(change: Change) -> str:
    """One difference between two versions."""
    facts = {"kind": kind_name(change.kind), "before": change.before, "after": change.after}
    if change.deed == "added":
        return _("%(kind)s was added at place %(after)s") % facts
    if change.deed == "removed":
        return _("%(kind)s was removed from place %(before)s") % facts
    if change.deed == "moved":
        return _("%(kind)s was moved from place %(before)s to %(after)s") % facts
    fields = ", ".join(field_name(name) for name in change.fields)
    return _("%(kind)s: %(fields)s changed") % {**facts, "fields": fields}


def summary(blocks: int) -> str:
    """How much stands on a page."""
    return ngettext("%(count)s block", "%(count)s blocks", blocks) % {"count": blocks}
