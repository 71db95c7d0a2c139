"""A shop of many goods whose names are put together of the words of a real one, filled set-based.

Needs Django. Nothing can be bought in it: search reads products, attributes and shelf cards.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connection

from catalog.models import AttributeDefinition, Brand, Category, Product, SearchSynonym, SearchWord
from catalog.services import keep_phrases, save_synonyms
from catalog.testing import (
    keys_of,
    make_attribute,
    make_category,
    make_freight_template,
    make_root,
    vector_literal,
    words_of,
)

T = TypeVar("T")
SEED = 20261122
BATCH = 5_000
BRANDS = 500
DEPARTMENTS = {
    "数码": ("手机", "手机壳", "充电宝", "蓝牙耳机", "数据线", "平板电脑", "键盘", "鼠标"),
    "家纺": ("四件套", "枕头", "毛毯", "凉席", "床垫", "窗帘", "毛巾", "浴巾"),
    "厨房": ("保温杯", "炒锅", "电饭煲", "菜刀", "砧板", "饭盒", "茶壶", "咖啡杯"),
    "服装": ("T恤", "衬衫", "连衣裙", "牛仔裤", "羽绒服", "袜子", "卫衣", "风衣"),
    "鞋包": ("跑步鞋", "帆布鞋", "高跟鞋", "凉鞋", "双肩包", "行李箱", "钱包", "手提包"),
    "美妆": ("防晒霜", "面膜", "口红", "洗面奶", "眼霜", "香水", "洗发水", "沐浴露"),
    "食品": ("红茶", "绿茶", "饼干", "坚果", "牛肉干", "蜂蜜", "大米", "巧克力"),
    "母婴": ("奶瓶", "纸尿裤", "婴儿车", "积木", "辅食机", "爬行垫", "童装", "安全座椅"),
    "运动": ("瑜伽垫", "哑铃", "跳绳", "篮球", "羽毛球拍", "泳镜", "帐篷", "登山杖"),
    "宠物": ("猫粮", "狗粮", "猫砂", "牵引绳", "宠物窝", "逗猫棒", "鱼缸", "宠物梳"),
}
STYLES = (
    "轻薄",
    "加厚",
    "便携",
    "可折叠",
    "静音",
    "防水",
    "复古",
    "简约",
    "儿童",
    "情侣",
    "大容量",
    "迷你",
)
MATERIALS = ("纯棉", "羊毛", "不锈钢", "陶瓷", "玻璃", "实木", "硅胶", "竹纤维", "真皮", "尼龙")
COLOURS = ("白色", "黑色", "红色", "蓝色", "绿色", "粉色", "灰色", "米色")
SYLLABLES = "云山海星月林溪岚禾木石青白晨光北南原野果乐安和家物集"
SYNONYMS = ("充电宝 移动电源", "T恤 短袖", "行李箱 拉杆箱 旅行箱", "纸尿裤 尿不湿", "洗面奶 洁面乳")


def open_shop(products: int, at: datetime) -> list[str]:
    """Fill the tables; gives some titles, for searches of one known thing."""
    chance = random.Random(SEED)  # noqa: S311 - a shop, no secret
    leaves = _categories()
    brands = _brands(chance)
    titles = _products(products, leaves, brands, chance, at)
    _attributes(leaves)
    _cards(at)
    _words([*titles, *COLOURS, *MATERIALS, *itertools.chain.from_iterable(DEPARTMENTS.values())])
    for words in SYNONYMS:
        save_synonyms(SearchSynonym(words=words), at=at, actor=None)
    keep_phrases(at)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return titles[:: max(1, len(titles) // 40)]


def _categories() -> dict[str, Category]:
    found: dict[str, Category] = {}
    for department, nouns in DEPARTMENTS.items():
        root = make_root(title_zh=department)
        colours = [{"code": f"c{n}", "zh": zh, "en": zh} for n, zh in enumerate(COLOURS)]
        materials = [{"code": f"m{n}", "zh": zh, "en": zh} for n, zh in enumerate(MATERIALS)]
        choice, number = AttributeDefinition.Kind.CHOICE, AttributeDefinition.Kind.NUMBER
        for code, values in (("colour", colours), ("material", materials)):
            make_attribute(root, code=code, kind=choice, choices=values, is_searchable=True)
        make_attribute(root, code="weight", kind=number, is_searchable=True)
        for noun in nouns:
            found[noun] = make_category(root, title_zh=noun)
    return found


def _brands(chance: random.Random) -> list[Brand]:
    names = {"".join(chance.sample(SYLLABLES, 2)) for _n in range(BRANDS * 2)}
    rows = [
        Brand(slug=f"brand-{n}", title_zh=name, title_en=f"Brand {n}")
        for n, name in enumerate(sorted(names)[:BRANDS])
    ]
    return Brand.objects.bulk_create(rows)


def _products(
    number: int,
    leaves: dict[str, Category],
    brands: Sequence[Brand],
    chance: random.Random,
    at: datetime,
) -> list[str]:
    freight, titles = make_freight_template(), []
    for numbers in _batches(range(number)):
        rows = []
        for n in numbers:
            noun = chance.choice(list(leaves))
            brand = brands[min(int(chance.paretovariate(0.6)) - 1, len(brands) - 1)]
            title = (
                f"{brand.title_zh} {chance.choice(STYLES)}{chance.choice(MATERIALS)}{noun}"
                f" {chance.choice('ABCXYZ')}{n}"
            )
            rows.append(
                Product(
                    code=f"s{n}", title_zh=title, category=leaves[noun], brand=brand,
                    subtitle_zh=f"{chance.choice(STYLES)}{chance.choice(COLOURS)}",
                    freight_template=freight, status=Product.Status.ON_SALE,
                    listed_at=at - timedelta(minutes=n),
                    sales_count=int(chance.paretovariate(1.1) * 3) % 1_000_000,
                    quality_score=chance.randrange(40, 100),
                )
            )  # fmt: skip
        Product.objects.bulk_create(rows)
        _vectors(rows)
        titles += [row.title_zh for row in rows]
    return titles


def _vectors(rows: Sequence[Product]) -> None:
    literals = [
        vector_literal(
            [
                (row.title_zh, "A"),
                (row.brand.title_zh if row.brand else "", "B"),
                (row.subtitle_zh, "C"),
                (f"{row.category.parent.title_zh} {row.category.title_zh}", "D"),
                (row.code, "D"),
            ]
        )
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_product SET search = words.literal::tsvector"
            " FROM unnest(%s::bigint[], %s::text[]) AS words (id, literal)"
            " WHERE catalog_product.id = words.id",
            [[row.pk for row in rows], literals],
        )


def _attributes(leaves: dict[str, Category]) -> None:
    """Each product's colour, material and weight, by its number."""
    values = {
        "colour": ("(%(words)s::text[])[1 + id %% 8]", list(COLOURS)),
        "material": ("(%(words)s::text[])[1 + id %% 10]", list(MATERIALS)),
        "weight": ("(id %% 2000)::text", []),
    }
    with connection.cursor() as cursor:
        for code, (value, words) in values.items():
            cursor.execute(
                "INSERT INTO catalog_productattribute"  # noqa: S608 - our own words
                " (product_id, definition_id, value_zh, value_en)"
                f" SELECT p.id, d.id, v.value, v.value FROM (SELECT id, category_id, {value}"
                " AS value FROM catalog_product) v JOIN catalog_product p ON p.id = v.id"
                " JOIN catalog_category c ON c.id = v.category_id"
                " JOIN catalog_attributedefinition d ON d.category_id = c.parent_id"
                " AND d.code = %(code)s",
                {"words": words, "code": code},
            )


def _cards(at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_shelfcard (product_id, valid_from, valid_until, price_fen,"
            " price_to_fen, list_price_fen, is_list_price_suggested, badges, in_stock, sales_count,"
            " rating_x10, rating_count, listed_at, version)"
            " SELECT id, %(from)s, %(until)s, price, price, price, false, '[]', id %% 9 <> 0,"
            " sales_count, 45, 3, listed_at, 1"
            " FROM (SELECT *, 500 + (id * 7919) %% 80000 AS price FROM catalog_product) p",
            {"from": at - timedelta(days=1), "until": at + timedelta(days=30)},
        )


def _words(texts: Iterable[str]) -> None:
    words = sorted({word for text in texts for word in words_of(text)})
    for some in _batches(words):
        SearchWord.objects.bulk_create(
            [SearchWord(word=word, keys=sorted(keys_of(word))) for word in some],
            ignore_conflicts=True,
        )


def _batches(items: Iterable[T]) -> Iterator[Sequence[T]]:
    source = iter(items)
    while batch := list(itertools.islice(source, BATCH)):
        yield batch
