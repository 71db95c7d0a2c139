"""The mall's side of the bench: fill a shop, ask it, read the plans. Needs Django.

`python -m bench.search.asking open N` and `.. ask ROUNDS PLANS`; answers are JSON.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import django

QUERIES = (
    "手机壳", "纯棉", "防水跑步鞋", "加厚纯棉四件套", "鞋", "红色", "充电宝", "移动电源", 
    "shoujike",
    "sjk", "四件讨", "儿童 羽绒服", "行李箱", "不锈钢保温杯", "冰箱", "轻薄", "家纺",
    "手機殼",
    "大容量保温杯", "xyzq", "T恤", "拉杆箱", "羊毛", "陶瓷咖啡杯", "数码", "Ｔ恤", "fangshaishuang",
    "真皮钱包", "宠物", "迷你 蓝牙耳机", "b", "大", "竹纤维毛巾", "猫粮", "复古台灯",
)  # fmt: skip
"""Known nouns, attribute and noun, materials that a tenth of the goods have, one character,
synonyms, pinyin, initials, slips, other scripts, and what no product is."""
TYPED = ("shou", "防", "sj", "充电", "xing", "A1", "云", "纯棉")
LOOKUPS = 300
SEQUENTIAL = re.compile(r"Seq Scan on catalog_product(?:\s|$)", re.MULTILINE)


def main() -> int:
    django.setup()
    deed, *arguments = sys.argv[1:]
    from mall.kernel import clock

    at = clock.now()
    if deed == "open":
        from bench.search.world import open_shop

        said: Any = open_shop(int(arguments[0]), at)
    else:
        said = ask(int(arguments[0]), Path(arguments[1]), at)
    sys.stdout.write(json.dumps(said, ensure_ascii=False))
    return 0


class Watch:
    """The statements of what runs inside, with the milliseconds that PostgreSQL took for each."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Any, float]] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            if "pg_type" not in sql:
                self.seen.append((sql, params, (time.perf_counter() - began) * 1000))

    @property
    def milliseconds(self) -> float:
        return sum(spent for _sql, _params, spent in self.seen)


@contextmanager
def watched() -> Iterator[Watch]:
    """Count what PostgreSQL is asked inside."""
    from django.db import connection

    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch


def ask(rounds: int, plans: Path, at: datetime) -> dict[str, Any]:
    """Every kind of question, some rounds of them in a changing order; plans go to a file."""
    from catalog.models import Product
    from catalog.selectors import CardFilters, facets, list_cards, suggestions

    ids = list(Product.objects.values_list("pk", flat=True)[:LOOKUPS])
    literals = {
        q: list_cards(CardFilters(q=q, ordering="relevance"), at=at).literal for q in QUERIES
    }
    kinds: dict[str, tuple[Callable[[Any], Any], list[Any]]] = {
        "lookup by key": (lambda pk: Product.objects.values("slug").get(pk=pk), ids),
        "results": (
            lambda q: list_cards(CardFilters(q=q, ordering="relevance"), page_size=24, at=at),
            list(QUERIES),
        ),
        "results by price": (
            lambda q: list_cards(CardFilters(q=q, ordering="price"), page_size=24, at=at),
            list(QUERIES),
        ),
        "facets": (
            lambda q: facets(CardFilters(q=q), literal=literals[q], at=at),
            [q for q in QUERIES if literals[q]],
        ),
        "facets, narrowed": (
            lambda q: facets(
                CardFilters(q=q, in_stock=True, price_max_fen=20_000), literal=literals[q], at=at
            ),
            [q for q in QUERIES if literals[q]],
        ),
        "suggestions": (lambda q: suggestions(q, at=at), list(TYPED)),
    }
    spent = {kind: _spent(deed, things, rounds) for kind, (deed, things) in kinds.items()}
    scans = _write_plans(kinds, plans)
    return {"spent": spent, "scans": scans}


def _spent(deed: Callable[[Any], Any], things: list[Any], rounds: int) -> dict[str, list[float]]:
    """Milliseconds in PostgreSQL for each thing, in a changing order, after one round unseen."""
    found: dict[str, list[float]] = {str(thing): [] for thing in things}
    chance = random.Random(rounds)  # noqa: S311 - an order, no secret
    for thing in things:
        deed(thing)
    for _round in range(rounds):
        for thing in chance.sample(things, len(things)):
            with watched() as watch:
                deed(thing)
            found[str(thing)].append(watch.milliseconds)
    return found


def _write_plans(kinds: dict[str, tuple[Callable[[Any], Any], list[Any]]], path: Path) -> list[str]:
    """EXPLAIN of every statement; gives those that read the whole table of products."""
    from django.db import connection

    scans, texts = [], []
    for kind, (deed, things) in kinds.items():
        for thing in things[:1] if kind == "lookup by key" else things:
            with watched() as watch:
                deed(thing)
            for sql, params, _ms in watch.seen:
                with connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
                    plan = "\n".join(row[0] for row in cursor.fetchall())
                texts.append(f"-- {kind}: {thing}\n{plan}\n")
                scans += [f"{kind}: {thing}"] if SEQUENTIAL.search(plan) else []
    path.write_text("\n".join(texts), encoding="utf-8")
    return scans


if __name__ == "__main__":
    sys.exit(main())
