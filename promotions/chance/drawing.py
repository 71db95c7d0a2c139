"""The draw: which prize, and the odds as they are published. Source: requirement M-32, INV-22."""

from collections.abc import Callable, Sequence

from mall.kernel.money import split

MILLION = 1_000_000


def pick(weights: Sequence[int], below: Callable[[int], int]) -> int:
    """The index of one of ``weights``, each as likely as its weight over their sum.

    Raises: ValueError when there is no weight at all.
    """
    total = sum(weights)
    if total < 1 or min(weights) < 0:
        raise ValueError("a draw needs weights")
    ticket = below(total)
    for index, weight in enumerate(weights):
        if ticket < weight:
            return index
        ticket -= weight
    raise AssertionError("unreachable: the ticket was below the sum")


def odds_ppm(weights: Sequence[int], gone: Sequence[bool], blank: int) -> list[int]:
    """The odds of each prize now, in millionths that add up to a million.

    What is gone has none; its part falls to the ``blank``, as it does in a draw.
    """
    now = [0 if is_gone else weight for weight, is_gone in zip(weights, gone, strict=True)]
    now[blank] += sum(weights) - sum(now)
    return split(MILLION, now)
