"""Which lanes a rule shuts for the lines it has: the stacking matrix, as data. Source: 001 (O-07).

Beside the matrix a rule may name an ``exclusive_group``: of one group a line takes one rule, in
whatever lane; the lane that comes first has it.
"""

from collections.abc import Iterable, Mapping

from promotions.engine.lanes import Lane

ACTIVITY_SHUTS = frozenset({Lane.ITEM_OFFER, Lane.ORDER_OFFER, Lane.TIER_RATE, Lane.COUPON})
"""What an activity price goes without unless the activity allows it; points stay open."""

MATRIX: Mapping[str, frozenset[Lane]] = {
    "flash": ACTIVITY_SHUTS,
    "group": ACTIVITY_SHUTS,
    "bargain": ACTIVITY_SHUTS,
    "presale": ACTIVITY_SHUTS,
}
"""Kind -> the later lanes it shuts by default; a kind not named shuts none."""


def shut_lanes(
    kind: str, *, allows: Iterable[Lane] = (), also: Iterable[Lane] = ()
) -> frozenset[Lane]:
    """The ``excludes`` of a rule of ``kind``: its row of the matrix, less ``allows``, and ``also``.

    >>> sorted(shut_lanes("flash", allows=[Lane.COUPON]))
    ['item_offer', 'order_offer', 'tier_rate']
    """
    return MATRIX.get(kind, frozenset()).difference(allows) | frozenset(also)
