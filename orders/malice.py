"""How likely a review was not written to tell what the goods are like: points for what speaks
against it, with every reason by name. Pure: no Django, no clock, no query. Source: C-60.

One sign is seldom enough: an honest buyer may give one star, or catch up on six reviews in a
minute. A banned word, the same text over many products or a rival's name hold a review alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

WORDS, DUPLICATE, ONE_STAR = "words", "duplicate", "one_star"
BURST, RIVAL, NOT_BOUGHT = "burst", "rival", "not_bought"
POINTS = {WORDS: 100, DUPLICATE: 80, RIVAL: 60, ONE_STAR: 40, BURST: 40, NOT_BOUGHT: 30}
LOWEST = 1
"""The rating that an account gives which only means to harm."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What is known of a review and of who wrote it; the counts hold this review too."""

    rating: int = 5
    has_banned_words: bool = False
    has_rival_words: bool = False
    same_text_products: int = 1
    reviews: int = 1
    one_star_reviews: int = 0
    recent_reviews: int = 1
    is_bought: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is a sign, and how many points hold a review."""

    hold_from_points: int = 60
    same_text_products: int = 5
    one_star_reviews: int = 3
    burst_reviews: int = 6


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The signs found, the heaviest first, and whether the review waits for a person."""

    signs: tuple[str, ...]
    points: int
    is_held: bool


def suspect(voice: Voice, limits: Limits) -> Suspicion:
    """Weigh what speaks against a review."""
    signs = sorted(_signs(voice, limits), key=lambda sign: (-POINTS[sign], sign))
    points = sum(POINTS[sign] for sign in signs)
    return Suspicion(tuple(signs), points, is_held=points >= limits.hold_from_points)


def _signs(voice: Voice, limits: Limits) -> Iterable[str]:
    found = {
        WORDS: voice.has_banned_words,
        RIVAL: voice.has_rival_words,
        DUPLICATE: voice.same_text_products >= limits.same_text_products,
        ONE_STAR: _is_one_star_account(voice, limits),
        BURST: voice.recent_reviews >= limits.burst_reviews,
        NOT_BOUGHT: not voice.is_bought,
    }
    return [sign for sign, is_there in found.items() if is_there]


def _is_one_star_account(voice: Voice, limits: Limits) -> bool:
    enough = voice.reviews >= limits.one_star_reviews
    return enough and voice.rating == LOWEST and voice.one_star_reviews == voice.reviews
