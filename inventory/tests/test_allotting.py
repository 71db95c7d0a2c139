from hypothesis import given
from hypothesis import strategies as st

from inventory.allotting import Pick, Shelf, Shortage, allot


def shelf(item_id, free, *, sku_id=1, rank=None):
    return Shelf(item_id, sku_id, free, rank or (0, item_id))


def test_a_line_comes_whole_from_the_first_warehouse_that_has_it():
    shelves = [shelf(1, 1), shelf(2, 5), shelf(3, 9)]

    assert allot({"a": (1, 4)}, shelves) == [Pick("a", 2, 4)]


def test_a_line_no_warehouse_has_whole_is_split_by_rank():
    shelves = [shelf(1, 3, rank=(1, 1)), shelf(2, 2, rank=(0, 2))]

    assert allot({"a": (1, 4)}, shelves) == [Pick("a", 2, 2), Pick("a", 1, 2)]


def test_two_lines_of_one_sku_share_its_pieces():
    answer = allot({"a": (1, 2), "b": (1, 2)}, [shelf(1, 3)])

    assert answer == Shortage(sku_id=1, available=3)


def test_a_sku_that_no_warehouse_knows_is_short_of_everything():
    assert allot({"a": (7, 1)}, [shelf(1, 3)]) == Shortage(sku_id=7, available=0)


@given(
    frees=st.lists(st.integers(0, 20), max_size=5),
    wanted=st.lists(st.integers(1, 30), min_size=1, max_size=4),
)
def test_everybody_gets_exactly_what_they_want_or_nobody_gets_anything(frees, wanted):
    shelves = [shelf(number, free) for number, free in enumerate(frees)]
    lines = {str(number): (1, pieces) for number, pieces in enumerate(wanted)}

    answer = allot(lines, shelves)

    if isinstance(answer, Shortage):
        assert sum(wanted) > sum(frees)
        assert answer.available == sum(frees)
    else:
        for line_key, (_sku_id, pieces) in lines.items():
            assert sum(p.pieces for p in answer if p.line_key == line_key) == pieces
        for number, free in enumerate(frees):
            assert sum(p.pieces for p in answer if p.item_id == number) <= free
        assert all(pick.pieces > 0 for pick in answer)
