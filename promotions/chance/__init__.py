"""The sums of luck: shares of a red packet, prizes of a draw, cuts of a bargain. Pure: no Django.

Chance comes in as ``below(n)``, a whole number from 0 to n - 1, each as likely as the others:
``secrets.randbelow`` in the shop, a list of numbers in tests. Source: P-35, INV-22, INV-23.
"""

from promotions.chance.cutting import draw_cut
from promotions.chance.drawing import odds_ppm, pick
from promotions.chance.sharing import draw_share

__all__ = ["draw_cut", "draw_share", "odds_ppm", "pick"]
