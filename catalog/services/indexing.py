"""Search vectors: title A, brand and keywords B, attributes and options C, category and codes D;
the words of the shop; and the listing's grade, which weighs in the order of results.

Source: requirement C-52.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from catalog.models import Category, OptionValue, Product, ProductAttribute, SearchWord, Sku
from catalog.search import ends_of, keys_of, words_of
from catalog.services.grading import grade_products
from catalog.tokens import FIELDS_THAT_NAME, vector_literal

BATCH = 500
RECURS = 2
"""An end of a name is a word of the shop when so many goods have it."""
_gathered: ContextVar[set[int] | None] = ContextVar("products_to_index", default=None)


@contextmanager
def indexed_once() -> Iterator[None]:
    """Index what is changed inside once, at the end, instead of after every verb.

    For many verbs on the same products (seeds, imports); belongs inside their transaction.
    """
    token = _gathered.set(set())
    try:
        yield
        ids = _gathered.get()
    finally:
        _gathered.reset(token)
    index_products(ids or ())


@transaction.atomic
def index_products(product_ids: Iterable[int]) -> int:
    """Compute search vectors and grades of these products again; returns how many there were.

    Locks: products, pk order. Queries: 16 for each 500 products.
    """
    ids = sorted(set(product_ids))
    gathered = _gathered.get()
    if gathered is not None:
        gathered.update(ids)
        return len(ids)
    for start in range(0, len(ids), BATCH):
        _index_batch(ids[start : start + BATCH])
        grade_products(ids[start : start + BATCH])
    return len(ids)


def _index_batch(product_ids: list[int]) -> None:
    products = list(
        Product.objects.filter(pk__in=product_ids).select_related("brand", "category").locked()
    )
    attributes = _attribute_words(product_ids)
    codes = _sku_codes(product_ids)
    categories = _category_words(products)
    fields = {
        product.pk: [
            *_own_words(product),
            (" ".join(attributes[product.pk]), "C"),
            (" ".join(categories.get(pk, "") for pk in product.category.path_ids), "D"),
        ]
        for product in products
    }
    texts = [text for own in fields.values() for text, _weight in own]
    keep_words({word for text in texts for word in words_of(text)} | _recurring(fields.values()))
    literals = [
        vector_literal([*fields[product.pk], (" ".join(codes[product.pk]), "D")])
        for product in products
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_product SET search = words.literal::tsvector"
            " FROM unnest(%s::bigint[], %s::text[]) AS words (id, literal)"
            " WHERE catalog_product.id = words.id",
            [[product.pk for product in products], literals],
        )


def keep_words(words: Iterable[str]) -> None:
    """Add to the words of the shop; a word that is there stays. Queries: 1."""
    SearchWord.objects.bulk_create(
        [SearchWord(word=word, keys=sorted(keys_of(word))) for word in sorted(words)],
        batch_size=BATCH * 10,
        ignore_conflicts=True,
    )


def _recurring(fields: Iterable[list[tuple[str, str]]]) -> set[str]:
    """Ends that several of these products are named with: one alone may end anywhere.

    What recurs only beyond this batch is found by ``sweep_words``.
    """
    counts: Counter[str] = Counter()
    for own in fields:
        named = [text for text, weight in own if weight in FIELDS_THAT_NAME]
        counts.update({end for text in named for end in ends_of(text)})
    return {end for end, products in counts.items() if products >= RECURS}


def _own_words(product: Product) -> list[tuple[str, str]]:
    brand = product.brand
    return [
        (product.title_zh, "A"),
        (product.title_en, "A"),
        (product.keywords, "B"),
        (f"{brand.title_zh} {brand.title_en}" if brand else "", "B"),
        (f"{product.subtitle_zh} {product.subtitle_en}", "C"),
        (product.code, "D"),
    ]


def _attribute_words(product_ids: list[int]) -> dict[int, list[str]]:
    words: dict[int, list[str]] = defaultdict(list)
    rows = ProductAttribute.objects.filter(product_id__in=product_ids)
    for product_id, zh, en in rows.values_list("product_id", "value_zh", "value_en"):
        words[product_id] += [zh, en]
    values = OptionValue.objects.filter(option__product_id__in=product_ids)
    for product_id, zh, en in values.values_list("option__product_id", "title_zh", "title_en"):
        words[product_id] += [zh, en]
    return words


def _sku_codes(product_ids: list[int]) -> dict[int, list[str]]:
    codes: dict[int, list[str]] = defaultdict(list)
    rows = Sku.objects.filter(product_id__in=product_ids).values_list("product_id", "code")
    for product_id, code in rows:
        codes[product_id].append(code)
    return codes


def _category_words(products: list[Product]) -> dict[int, str]:
    path_ids = {pk for product in products for pk in product.category.path_ids}
    rows = Category.objects.filter(pk__in=path_ids).values_list("pk", "title_zh", "title_en")
    return {pk: f"{zh} {en}" for pk, zh, en in rows}
