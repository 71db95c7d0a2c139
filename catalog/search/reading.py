"""From what was typed to words of the shop: the cheapest way to lay known words over it.

An exact word costs least, then its sound, its blurred sound, its initials, a slip of one character;
what is no word of the shop at all costs most. Source: requirement C-52, issue 5 (typo tolerance).
"""

import dataclasses
import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from catalog.search.sounds import blurred, sounds
from catalog.search.words import LONGEST_HAN, KeyKind, is_han, keys_of, misspelt_keys
from catalog.tokens import runs

MOST_ATOMS = 24
LONGEST_LATIN_WORDS = 5
MOST_HOMONYMS = 4
STEP = 0.3
"""Each word costs a little, so that one long word is better than two short ones."""
UNKNOWN = 4.0
COSTS = {
    KeyKind.WORD: 0.0,
    KeyKind.SOUND: 1.0,
    KeyKind.BLURRED: 1.4,
    KeyKind.INITIALS: 1.5,
    KeyKind.SLIP: 2.0,
}
LIKE_IN_SOUND = 0.5
"""mai and ma are near, bao and kuan are not: 马克风 is 麦克风, 充电宝 is no 充电款."""


class Atom(NamedTuple):
    """A Chinese character or a word of another script; ``run`` tells neighbours from strangers."""

    text: str
    run: int
    is_han: bool


class Spot(NamedTuple):
    """A stretch of atoms that may be one word."""

    start: int
    end: int
    text: str


class Piece(NamedTuple):
    """A spot as it was understood: the words that it may be, all equally likely."""

    spot: Spot
    words: tuple[str, ...]
    cost: float

    @property
    def is_known(self) -> bool:
        """True when the shop has this word."""
        return self.cost < UNKNOWN


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """The whole query as it was understood."""

    pieces: tuple[Piece, ...]

    @property
    def is_exact(self) -> bool:
        """Every piece is a word of the shop as it was typed."""
        return bool(self.pieces) and all(piece.cost == 0 for piece in self.pieces)

    @property
    def is_known(self) -> bool:
        """Every piece is a word of the shop, misspelt or not."""
        return bool(self.pieces) and all(piece.is_known for piece in self.pieces)

    @property
    def is_headed(self) -> bool:
        """The last piece, which says what is wanted, is a telling word of the shop as typed."""
        return bool(self.pieces) and self.pieces[-1].cost == 0 and _is_telling(self.pieces[-1])

    @property
    def known_share(self) -> float:
        """How much of what was typed is in words of the shop, of two characters at least."""
        whole = sum(len(piece.spot.text) for piece in self.pieces)
        known = sum(len(piece.spot.text) for piece in self.pieces if _is_telling(piece))
        return known / whole if whole else 0.0

    def texts(self, *, only_known: bool = False) -> list[str]:
        """The query in words with spaces between them; several when words sound alike."""
        kept = [piece for piece in self.pieces if not only_known or _is_telling(piece)]
        most = max((len(piece.words) for piece in kept), default=0)
        return [
            " ".join(piece.words[min(choice, len(piece.words) - 1)] for piece in kept)
            for choice in range(most)
        ]


def spots(typed: str) -> list[Spot]:
    """The stretches of the query that may be words."""
    atoms = _atoms(typed)
    found = []
    for start, first in enumerate(atoms):
        longest = LONGEST_HAN if first.is_han else LONGEST_LATIN_WORDS
        for end in range(start + 1, min(start + longest, len(atoms)) + 1):
            if not _may_join(first, atoms[end - 1]):
                break
            found.append(Spot(start, end, "".join(atom.text for atom in atoms[start:end])))
    return found


def known_words(places: Iterable[Spot]) -> list[str]:
    """The keys under which words of these spots are found."""
    return sorted({key for spot in places for key in misspelt_keys(spot.text)})


def read(typed: str, words: Iterable[str]) -> Reading:
    """The cheapest reading of the query in these words of the shop."""
    by_key: dict[str, list[str]] = {}
    for word in words:
        for key in keys_of(word):
            by_key.setdefault(key, []).append(word)
    places = spots(typed)
    pieces: dict[int, list[Piece]] = {}
    for spot in places:
        piece = _understood(spot, by_key)
        if piece is not None:
            pieces.setdefault(spot.end, []).append(piece)
    return Reading(_cheapest(pieces))


def _atoms(typed: str) -> list[Atom]:
    atoms: list[Atom] = []
    for number, run in enumerate(runs(typed)):
        parts = run.text if run.is_han else (run.text,)
        atoms += [Atom(part, number, run.is_han) for part in parts]
    return atoms[:MOST_ATOMS]


def _may_join(first: Atom, last: Atom) -> bool:
    return first.run == last.run if first.is_han else not last.is_han


def _understood(spot: Spot, by_key: Mapping[str, Sequence[str]]) -> Piece | None:
    """The spot as the words nearest to it; alone and unknown it stays as it is."""
    costs: dict[str, float] = {}
    for key in misspelt_keys(spot.text):
        kind = KeyKind(key[0])
        for word in by_key.get(key, ()):
            if kind is not KeyKind.SLIP or _is_slip(spot.text, word):
                costs[word] = min(costs.get(word, UNKNOWN), COSTS[kind])
    if not costs:
        return Piece(spot, (spot.text,), UNKNOWN) if spot.end - spot.start == 1 else None
    least = min(costs.values())
    nearest = sorted((word for word, cost in costs.items() if cost == least), key=_plainness)
    return Piece(spot, tuple(nearest[:MOST_HOMONYMS]), least)


def _cheapest(pieces: Mapping[int, Sequence[Piece]]) -> tuple[Piece, ...]:
    """Lay pieces end to end for the least sum of costs."""
    best: list[tuple[float, tuple[Piece, ...]]] = [(0.0, ())]
    for end in range(1, max(pieces, default=0) + 1):
        best.append(
            min(
                (best[piece.spot.start][0] + piece.cost + STEP, (*best[piece.spot.start][1], piece))
                for piece in pieces[end]
            )
        )
    return best[-1][1]


def _is_slip(typed: str, word: str) -> bool:
    """One character differs; in a short Chinese word the sounds must be near each other too."""
    if is_han(typed) != is_han(word) or abs(len(typed) - len(word)) > 1:
        return False
    if not is_han(typed) or len(typed) > LONGEST_HAN - 2:
        return True
    pairs = [(typed, word)] if len(typed) != len(word) else zip(typed, word, strict=True)
    return all(_sound_near(one, other) for one, other in pairs)


def _sound_near(one: str, other: str) -> bool:
    return (
        difflib.SequenceMatcher(None, blurred(sounds(one)), blurred(sounds(other))).ratio()
        >= LIKE_IN_SOUND
    )


def _is_telling(piece: Piece) -> bool:
    return piece.is_known and len(piece.spot.text) > 1


def _plainness(word: str) -> tuple[int, str]:
    return len(word), word
