"""Texts held against the screen of words, with the shop's own terms. Source: requirement C-37.

Titles, coupons, campaigns and reviews are judged as titles: there a superlative blocks,
in longer texts it only warns.
"""

import dataclasses
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from catalog.errors import TextsRefused
from catalog.models import (
    HEAD_WORDS,
    HeadWords,
    OptionValue,
    Product,
    ScreeningPhrase,
    ScreeningTerm,
)
from catalog.screening import (
    Finding,
    Lexicon,
    Severity,
    Term,
    TermClass,
    base_lexicon,
    fold,
    screen,
)
from catalog.words import CLASSES
from mall.kernel import audit
from mall.kernel.words import label_of


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    """A text to be judged; ``place`` says in words where it stands."""

    place: str
    text: str
    is_title: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class TextFinding:
    """A hit and the text it was found in."""

    place: str
    text: str
    hit: Finding

    @property
    def blocks(self) -> bool:
        return self.hit.blocks

    @property
    def words(self) -> str:
        """title (Chinese): 最好 (superlative)."""
        return _("%(place)s: %(word)s (%(class)s)") % {
            "place": self.place,
            "word": self.text[self.hit.start : self.hit.end],
            "class": CLASSES[self.hit.term_class],
        }

    def as_json(self) -> dict[str, Any]:
        """The finding as it is kept with an approval."""
        return {
            "place": self.place,
            "text": self.text,
            "word": self.hit.word,
            "class": str(self.hit.term_class),
            "severity": str(self.hit.severity),
            "start": self.hit.start,
            "end": self.hit.end,
        }


def current_lexicon() -> Lexicon:
    """The house's lexicon with the operators' words and phrases. Queries: 2."""
    rows = list(ScreeningTerm.objects.all())
    phrases = ScreeningPhrase.objects.filter(is_active=True)
    return base_lexicon().changed(
        added=[_term(row) for row in rows if row.is_active],
        without=[row.word for row in rows if not row.is_active],
        phrases=phrases.values_list("phrase", flat=True),
    )


def _term(row: ScreeningTerm) -> Term:
    return Term(
        row.word,
        TermClass(row.term_class),
        Severity(row.severity),
        row.blocks_titles,
        row.note,
    )


def screen_texts(texts: Iterable[Text], lexicon: Lexicon | None = None) -> list[TextFinding]:
    """Everything the screen finds in these texts, in their order.

    Queries: 2, none without a text or with the ``lexicon`` given.
    """
    wanted = [row for row in texts if row.text]
    if not wanted:
        return []
    lexicon = lexicon or current_lexicon()
    return [
        TextFinding(row.place, row.text, hit)
        for row in wanted
        for hit in screen(row.text, lexicon, is_title=row.is_title)
    ]


def blocking_words(texts: Iterable[Text]) -> list[str]:
    """The findings that keep these texts from shoppers, in words. Queries: 2."""
    return [finding.words for finding in screen_texts(texts) if finding.blocks]


def check_texts(title: str, findings: Sequence[TextFinding]) -> None:
    """Raises: TextsRefused, naming every word that blocks, with its class and place."""
    words = [finding.words for finding in findings if finding.blocks]
    if words:
        raise TextsRefused(title=title, findings="; ".join(words))


def product_texts(product: Product) -> list[Text]:
    """All that shoppers read of a product. Queries: 2."""
    words = _option_values(product).values_list(
        "option__title_zh", "option__title_en", "title_zh", "title_en"
    )
    pairs = [pair for row in words for pair in (row[:2], row[2:])]
    return texts_of(product, _values(product), pairs)


def _values(product: Product) -> list[tuple[str, str, str]]:
    rows = product.attribute_values.select_related("definition").order_by("pk")
    return [(row.definition.title_zh, row.value_zh, row.value_en) for row in rows]


def _option_values(product: Product) -> QuerySet[OptionValue]:
    return OptionValue.objects.filter(option__product=product).order_by("pk")


def texts_of(
    product: Product,
    values: Iterable[tuple[str, str, str]],
    options: Iterable[tuple[str, str]],
) -> list[Text]:
    """The texts of a product with these attribute values (name, Chinese, English) and options:
    the words of its axes and of their values."""
    texts = _texts_of(product, values, dict.fromkeys(options))
    return [row for row in (*texts, _partner_en(product)) if row.text]


def _partner_en(product: Product) -> Text:
    return Text(label_of(product, "partner_en"), product.partner_en)


def former_digest(product: Product) -> str:
    """The fingerprint of a product's texts as it was taken before 23 November 2026: without the
    titles of axes and the partner's English name, each value as often as it occurs. An approval of
    that time goes on covering the words that were read. Queries: 2."""
    pairs = _option_values(product).values_list("title_zh", "title_en")
    texts = _texts_of(product, _values(product), pairs)
    return digest_of(row for row in texts if row.text)


def _texts_of(
    product: Product,
    values: Iterable[tuple[str, str, str]],
    options: Iterable[tuple[str, str]],
) -> Iterator[Text]:
    yield Text(_("title (Chinese)"), product.title_zh, is_title=True)
    yield Text(_("title (English)"), product.title_en, is_title=True)
    yield Text(_("subtitle (Chinese)"), product.subtitle_zh)
    yield Text(_("subtitle (English)"), product.subtitle_en)
    yield Text(_("search words"), product.keywords)
    yield Text(_("partner (Chinese)"), product.partner_zh)
    yield from head_texts(product)
    for number, block in enumerate(product.blocks, start=1):
        place = _("detail block %(number)s") % {"number": number}
        yield from (Text(place, text) for text in _block_texts(block))
    for name, value_zh, value_en in values:
        yield from (Text(name, text) for text in (value_zh, value_en))
    for title_zh, title_en in options:
        yield from (Text(_("options"), text) for text in (title_zh, title_en))


def new_texts(
    row: Model, before: Model | None, names: Iterable[str], titles: Collection[str] = ()
) -> list[Text]:
    """What a row newly says in these columns: a word forbidden afterwards does not keep anybody
    from changing the rest of what is there. Queries: 0."""
    return [
        Text(label_of(row, name), text, is_title=name in titles)
        for name in names
        if (text := getattr(row, name)) and text != getattr(before, name, None)
    ]


def head_texts(row: HeadWords) -> Iterator[Text]:
    """What a category, a brand or a product says to search engines."""
    return (Text(label_of(row, name), getattr(row, name)) for name in HEAD_WORDS)


def _block_texts(block: Any) -> Iterator[str]:
    """The texts of a detail block, however deep; its kind and its addresses are none."""
    if isinstance(block, str):
        yield block
    elif isinstance(block, Mapping):
        for name, part in block.items():
            if name not in ("kind", "url"):
                yield from _block_texts(part)
    elif isinstance(block, Sequence):
        for part in block:
            yield from _block_texts(part)


@transaction.atomic
def save_screening_row(
    *, row: ScreeningTerm | ScreeningPhrase, before: Mapping[str, str], at: datetime, actor: Any
) -> None:
    """Keep a word or phrase of the shop's own; ``before`` has what is about to change of it."""
    row.save()
    audit.record(
        actor=actor,
        verb="catalog.save_screening",
        target=row,
        at=at,
        before=dict(before),
        after={name: str(getattr(row, name)) for name in before},
    )


def screen_product(product: Product) -> list[TextFinding]:
    """What the screen finds in a product's texts. Queries: 4."""
    return screen_texts(product_texts(product))


def digest_of(texts: Iterable[Text]) -> str:
    """A fingerprint of texts; the same words in the same order give the same one."""
    words = json.dumps([row.text for row in texts], ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()


def digest_of_words(text: str) -> str:
    """A fingerprint of one text without its disguises: spaces, symbols, widths."""
    return hashlib.sha256(fold(text).text.encode()).hexdigest()


def names_any(text: str, words: Iterable[str]) -> bool:
    """Whether a text names one of the words, disguised or not (spaces, symbols, widths)."""
    plain = fold(text).text
    return any(word and word in plain for word in (fold(word).text for word in words))
