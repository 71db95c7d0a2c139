"""docs/prices.md names every kind of rule beside its lane."""

from pathlib import Path

from promotions.engine import RULE_KINDS, Lane

PAGE = Path(__file__).resolve().parents[2] / "docs" / "prices.md"


def test_every_kind_stands_in_the_row_of_its_lane():
    lane, found = "", {}
    for row in PAGE.read_text(encoding="utf-8").splitlines():
        if row.startswith("| "):
            first, kinds = (cell.strip() for cell in row.split("|")[1:3])
            lane = first or lane
            found |= dict.fromkeys(kinds.split("`")[1::2], lane)

    assert found == {kind: rule.lane.value for kind, rule in RULE_KINDS.items()}


def test_every_lane_has_a_row():
    text = PAGE.read_text(encoding="utf-8")

    assert all(f"| {lane.value} |" in text for lane in Lane)
