"""Where one more piece may raise the goods' total by more than the piece's list price, and why.

For every other kind of rule, in any number and mix, it never does (a law of the tests). Each kind
named here keeps the law too when it is the only one of them that touches the goods.
"""

from collections.abc import Mapping

EXCEPTIONS: Mapping[str, str] = {
    "second_half_price": "competes for whole lines: with the new piece it may win lines from two "
    "rules that together saved more",
    "pieces_rate": "reaching its pieces may take the goods below an amount that a later lane "
    "asks for, or win lines from two rules that together saved more",
    "bundle_price": "completing a bundle may take the goods below an amount that a later lane "
    "asks for, or win a line from a rule that saved more on other lines too",
    "threshold_off": "its amount looks at what earlier lanes left: an offer that begins to apply "
    "there may take the goods below it",
    "threshold_rate": "its amount looks at what earlier lanes left, as with threshold_off",
    "every_off": "its multiples look at what earlier lanes left, as with threshold_off",
}
"""Kind -> the reason. Beside these an operator's own order may do it for any kind: a rule with a
better ``priority``, with ``excludes`` or in an ``exclusive_group`` goes first though it saves
less."""
