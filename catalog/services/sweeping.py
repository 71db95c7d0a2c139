"""The words of the shop held against its goods: those that left go, ends of names that recur come.

Indexing sees one batch of goods; this looks over the whole shop now and then. Source: C-52.
"""

from typing import Any

from django.db import connection, transaction

from catalog.models import SearchWord
from catalog.search.words import ENDS
from catalog.services.indexing import RECURS, keep_words
from catalog.tokens import END, IS_HAN

LONGEST_END = max(ENDS)
RECURRING = """
    SELECT rtrim(word, %(end)s) FROM ts_stat('SELECT search FROM catalog_product', 'ab')
    WHERE ndoc >= %(recurs)s AND right(word, 1) = %(end)s AND char_length(word) > 2
"""
GONE = """
    DELETE FROM catalog_searchword word WHERE NOT is_own AND NOT EXISTS (
        SELECT 1 FROM ts_stat('SELECT search FROM catalog_product') AS standing
        WHERE standing.word = CASE WHEN word.word ~ %(han)s
            THEN right(word.word, %(longest)s) || %(end)s ELSE word.word END
    )
"""


@transaction.atomic
def sweep_words() -> tuple[int, int]:
    """Drop words that no product carries any more, add recurring ends; returns both numbers.

    An operator's own words stay. A word that leaves and comes back while this runs may be missing
    until the product is indexed again. Locks: none waited for. Queries: 4.
    """
    marks: dict[str, Any] = {
        "end": END,
        "recurs": RECURS,
        "han": f"^{IS_HAN.pattern}",
        "longest": LONGEST_END,
    }
    with connection.cursor() as cursor:
        cursor.execute(GONE, marks)
        gone = cursor.rowcount
        cursor.execute(RECURRING, marks)
        ends = {end for (end,) in cursor.fetchall()}
    there = SearchWord.objects.filter(word__in=ends).values_list("word", flat=True)
    fresh = ends.difference(there)
    keep_words(fresh)
    return gone, len(fresh)
