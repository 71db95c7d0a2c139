"""Blocks on paper: what is read, what is refused where, who sees what, what changed."""

from datetime import UTC, datetime, timedelta

import pytest

from promotions.content import (
    GUEST,
    KINDS,
    BlocksRefused,
    Viewer,
    compare,
    default_home,
    next_edge,
    read_blocks,
    references,
    regions_of,
    shown,
)
from promotions.content.colours import contrast, palettes, unreadable

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def text(block_id, body="正文", **frame):
    settings = {"body": {"zh": body, "en": ""}}
    return {"id": block_id, "kind": "text", "settings": settings, **frame}


def problems(*blocks):
    with pytest.raises(BlocksRefused) as refused:
        read_blocks(list(blocks))
    return {problem.path: problem.code for problem in refused.value.problems}


def test_what_is_read_reads_the_same_again():
    blocks = default_home()

    assert read_blocks(blocks) == blocks
    assert {block["kind"] for block in blocks} <= set(KINDS)


def test_each_field_says_what_is_wrong_with_it():
    slide = {"picture": "x", "title": {"zh": "长" * 41}, "link": "//elsewhere.example/", "foo": 1}
    carousel = {"id": "a", "kind": "carousel", "settings": {"slides": [slide]}}

    found = problems(carousel, {"id": "a", "kind": "nothing"})

    place = (0, "settings", "slides", 0)
    assert found[(*place, "picture")] == "number"
    assert found[(*place, "title", "zh")] == "required"
    assert found[(*place, "link")] == "link"
    assert found[(*place, "foo")] == "unknown"
    assert found[(1, "kind")] == "choice"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://a.example/", "//a", "/\\a", "/a b"]
)
def test_links_lead_into_the_shop_only(link):
    image = {"id": "a", "kind": "image", "settings": {"picture": 1, "link": link}}

    assert problems(image) == {(0, "settings", "link"): "link"}


def test_an_end_before_its_start_and_a_block_twice_are_refused():
    late = {"starts_at": "2026-11-22T10:00:00+08:00", "ends_at": "2026-11-22T09:00:00+08:00"}

    assert problems(text("a", **late), text("a")) == {
        (0, "ends_at"): "before_start",
        (1, "id"): "twice",
    }


def test_windows_are_half_open_and_audiences_hold():
    tiers = {"audience": {"who": "tiers", "tiers": ["diamond"]}}
    blocks = read_blocks(
        [
            text("now", starts_at=AT.isoformat()),
            text("over", ends_at=AT.isoformat()),
            text("off", is_shown=False),
            text("tier", **tiers),
            text("guests", audience={"who": "guests"}),
            text("new", audience={"who": "new"}),
        ]
    )

    def ids(viewer):
        return [block["id"] for block in shown(blocks, viewer, AT)]

    assert ids(GUEST) == ["now", "guests"]
    assert ids(Viewer(is_member=True, tier="diamond")) == ["now", "tier"]
    assert ids(Viewer(is_member=True, is_new=True, tier="gold")) == ["now", "new"]


def test_C_71_a_block_of_a_region_set_is_kept_from_those_who_are_elsewhere():
    blocks = read_blocks(
        [
            text("east", audience={"who": "everybody", "regions": "east"}),
            text("guests", audience={"who": "guests", "regions": "east"}),
            text("all", audience={"who": "everybody", "regions": ""}),
        ]
    )

    def ids(**known):
        return [block["id"] for block in shown(blocks, Viewer(**known), AT)]

    assert regions_of(blocks) == {"east"}
    assert ids() == ids(regions=frozenset({"east"})) == ["east", "guests", "all"]
    assert ids(regions=frozenset()) == ["all"]
    assert ids(is_member=True, regions=frozenset({"east"})) == ["east", "all"]
    assert "regions" not in blocks[2]["audience"]


def test_the_next_edge_is_the_first_instant_at_which_the_page_changes():
    soon, later = AT + timedelta(hours=1), AT + timedelta(hours=2)
    blocks = read_blocks(
        [text("a", ends_at=later.isoformat()), text("b", starts_at=soon.isoformat())]
    )

    assert next_edge(blocks, AT) == soon
    assert next_edge(blocks, later) is None


def test_references_name_each_thing_once_in_order():
    goods = {"id": "p", "kind": "products", "settings": {"products": [5, 3, 5]}}
    more = {"id": "q", "kind": "products", "settings": {"products": [3, 9]}}

    assert references(read_blocks([goods, more])) == {"product": [5, 3, 9]}


def test_a_difference_tells_moved_added_removed_and_changed():
    old = read_blocks([text("a"), text("b"), text("c")])
    new = read_blocks([text("b"), text("a", body="新"), text("d")])

    deeds = [(change.deed, change.before, change.after) for change in compare(old, new)]

    assert ("added", None, 3) in deeds
    assert ("removed", 3, None) in deeds
    assert ("changed", 1, 2) in deeds
    assert [deed for deed, _b, _a in deeds].count("moved") == 1


def test_X_03_the_houses_own_colours_can_be_read_and_a_pale_brand_cannot():
    own = palettes(brand="#1B5646", action="#CB3C1D", honey="#F3B949")

    assert unreadable(own) == []
    assert round(contrast("#000000", "#FFFFFF")) == 21
    assert ("brand", "light", "brand", "surface") in {
        (one.colour, one.theme, one.text, one.ground)
        for one in unreadable(palettes(brand="#FFD166"))
    }
