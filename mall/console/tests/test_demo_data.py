"""The demo shop's content holds together: references, prices, pictures, words."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from mall.console.demo import pictures
from mall.console.demo.figures import Figure
from mall.console.demo.scenes import BACKDROPS
from mall.console.demo.stage import PALETTES
from mall.kernel import regions

HERE = Path(pictures.__file__).resolve().parent
DATA, MEDIA = HERE / "data", HERE / "media"

VERTICALS = {
    "母婴用品",
    "健康食品",
    "智能家居",
    "美妆",
    "宠物智能用品",
    "国风文具",
    "清凉家电",
    "保暖服饰",
}

# Absolute terms of the Advertising Law (article 9) and claims of cures (articles 16 to 18).
FORBIDDEN = re.compile(
    r"""
    最 | 第一 | 国家级 | 顶级 | 极品 | 极致 | 首选 | 唯一 | 独一无二 | 王牌 | 冠军 | 销量领先 |
    全网 | 史上 | 世界级 | 绝对 | 永久 | 万能 | 无敌 | 100% | 完美 | 神器 | 根治 | 治疗 |
    治愈 | 疗效 | 特效 | 药用 | 减肥 | 瘦身 | 减脂 | 美白 | 祛斑 | 祛痘 | 抗癌 | 降血压 |
    降血糖 | 防癌 | 无副作用 | 零风险 | 纯天然 | 国宴 | 特供 | 驰名
    """,
    re.VERBOSE,
)

# How the shop talks: 你 and no shouting (docs of the visual target).
UNWANTED = re.compile("您|亲，|！|!")


@cache
def read(name):
    text = (DATA / name).read_text(encoding="utf-8")
    if name.endswith(".jsonl"):
        return [json.loads(line) for line in text.splitlines()]
    return json.loads(text)


@cache
def products():
    return {product["code"]: product for product in read("products.jsonl")}


@cache
def skus():
    return {sku["code"]: sku for product in products().values() for sku in product["skus"]}


@cache
def categories():
    """Every node by slug, with the attributes that hold for it."""
    found = {}

    def walk(node, inherited):
        schema = inherited | {attribute["code"]: attribute for attribute in node["attributes"]}
        assert node["slug"] not in found
        found[node["slug"]] = node | {"schema": schema}
        for child in node["children"]:
            walk(child, schema)

    for root in read("categories.json"):
        walk(root, {})
    return found


def leaves():
    return {slug for slug, node in categories().items() if not node["children"]}


def pairs(value, path=""):
    """Every (path, text) of a JSON value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from pairs(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from pairs(inner, f"{path}[{index}]")
    elif isinstance(value, str):
        yield path, value


def content_files():
    return sorted(path.name for path in DATA.glob("*.json*") if path.name != "pictures.json")


def test_the_shop_is_large_enough_and_covers_the_named_fields():
    assert len(products()) >= 120
    assert len(read("categories.json")) >= 10
    assert len(read("reviews.json")) >= 150
    assert len(read("members.json")) >= 60

    named = {node["vertical"] for node in categories().values()} - {""}
    sold = Counter(vertical_of(product["category"]) for product in products().values())

    assert named == VERTICALS
    assert all(sold[vertical] >= 4 for vertical in VERTICALS)


def vertical_of(slug):
    for node in categories().values():
        if node["vertical"] and slug in below(node):
            return node["vertical"]
    return ""


def below(node):
    return {node["slug"]}.union(*(below(child) for child in node["children"]))


def test_every_leaf_is_at_level_two_or_three_and_has_products():
    roots = {root["slug"] for root in read("categories.json")}
    sold = Counter(product["category"] for product in products().values())

    assert not leaves() & roots
    assert {slug for slug in leaves() if sold[slug] < 2} == set()
    assert set(sold) <= leaves()


def test_one_attribute_code_means_the_same_everywhere():
    meanings = {}
    for node in categories().values():
        for attribute in node["attributes"]:
            facts = {key: attribute[key] for key in ("title_zh", "kind", "unit_zh", "choices")}
            assert meanings.setdefault(attribute["code"], facts) == facts


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("brands.json", "slug"),
        ("products.jsonl", "code"),
        ("products.jsonl", "slug"),
        ("warehouses.json", "code"),
        ("freight_templates.json", "code"),
        ("coupons.json", "code"),
        ("campaigns.json", "code"),
        ("tiers.json", "code"),
        ("tiers.json", "threshold_fen"),
        ("members.json", "phone"),
        ("members.json", "nickname"),
        ("help.json", "slug"),
        ("suppliers.json", "code"),
    ],
)
def test_keys_are_unique(name, key):
    values = [row[key] for row in read(name)]

    assert [value for value, times in Counter(values).items() if times > 1] == []


def test_skus_have_unique_codes_and_valid_unique_barcodes():
    every = [sku for product in products().values() for sku in product["skus"]]
    barcodes = [sku["barcode"] for sku in every]

    assert len(skus()) == len(every)
    assert len(set(barcodes)) == len(barcodes)
    for code in barcodes:
        digits = [int(digit) for digit in code]
        assert len(digits) == 13
        assert code.startswith("20")
        assert (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0


def test_a_product_refers_to_things_that_exist():
    brands = {brand["slug"] for brand in read("brands.json")}
    templates = {template["code"] for template in read("freight_templates.json")}
    for product in products().values():
        assert product["brand"] in brands, product["code"]
        assert product["freight_template"] in templates, product["code"]
        assert 1 <= product["popularity"] <= 100
        assert product["listed_days_ago"] > 0
        assert set(product["tags"]) <= {"hot", "new"}
        assert product["keywords"]


def test_attributes_fit_the_schema_of_the_category():
    for product in products().values():
        schema = categories()[product["category"]]["schema"]
        values = product["attributes"]
        required = {code for code, attribute in schema.items() if attribute["required"]}
        assert required <= set(values) <= set(schema), product["code"]
        for code, value in values.items():
            kind, choices = schema[code]["kind"], schema[code]["choices"]
            fits = {
                "choice": lambda v, c=choices: v in {choice["code"] for choice in c},
                "number": lambda v: isinstance(v, int | float) and v > 0,
                "text": lambda v: v["zh"] and v["en"],
            }[kind]
            assert fits(value), (product["code"], code)


def test_skus_are_the_product_of_the_options():
    for product in products().values():
        axes = product["options"]
        assert len(axes) <= 2
        wanted = [{}]
        for axis in axes:
            codes = [value["code"] for value in axis["values"]]
            assert len(set(codes)) == len(codes)
            wanted = [one | {axis["code"]: code} for one in wanted for code in codes]
        assert [sku["options"] for sku in product["skus"]] == wanted, product["code"]


def test_prices_are_sane():
    for product in products().values():
        sale = (product["sale"] or {"prices_fen": {}})["prices_fen"]
        assert not product["sale"] or set(sale) == {sku["code"] for sku in product["skus"]}
        for sku in product["skus"]:
            lowest = sale.get(sku["code"], sku["price_fen"])
            prices = [0, sku["cost_fen"], lowest, sku["price_fen"], sku["list_price_fen"]]
            assert prices == sorted(prices), sku["code"]
            assert sku["cost_fen"] < lowest
            assert sku["weight_grams"] > 0
            assert all(type(fen) is int for fen in prices)
    assert 15 <= sum(bool(product["sale"]) for product in products().values()) <= 40


def test_stock_lies_in_known_warehouses_and_some_is_low_or_gone():
    codes = {warehouse["code"] for warehouse in read("warehouses.json")}
    totals = {code: sum(sku["stock"].values()) for code, sku in skus().items()}

    assert all(set(sku["stock"]) == codes for sku in skus().values())
    assert all(pieces >= 0 for sku in skus().values() for pieces in sku["stock"].values())
    assert sum(total == 0 for total in totals.values()) >= 5
    assert sum(0 < total < 10 for total in totals.values()) >= 5
    assert sum(total >= 10 for total in totals.values()) >= 250


def test_every_mainland_province_is_served_by_exactly_one_warehouse():
    served = [prefix for row in read("warehouses.json") for prefix in row["served_prefixes"]]
    provinces = [region.code for region in regions.children() if region.code[0] not in "78"]

    assert sorted(served) == sorted(provinces)
    for warehouse in read("warehouses.json"):
        assert regions.find(warehouse["region_code"]) is not None


def test_freight_regions_exist_and_are_named_once_a_template():
    for template in read("freight_templates.json"):
        prefixes = [prefix for rule in template["regions"] for prefix in rule["prefixes"]]
        assert len(set(prefixes)) == len(prefixes)
        assert all(regions.find(prefix) for prefix in prefixes)


def test_scopes_of_coupons_and_campaigns_exist():
    known = {
        "category": set(categories()),
        "brand": {brand["slug"] for brand in read("brands.json")},
        "products": set(products()),
    }
    for row in read("coupons.json") + read("campaigns.json"):
        scope = row["scope"]
        if scope["kind"] == "shop":
            assert scope["refs"] == []
        elif row["kind"] == "sale":
            assert scope["refs"] == "every product with a sale"
        else:
            assert scope["refs"]
            assert set(scope["refs"]) <= known[scope["kind"]]
    for supplier in read("suppliers.json"):
        assert set(supplier["categories"]) <= known["category"]
        assert regions.find(supplier["region_code"]) is not None


def test_coupons_never_give_more_than_they_ask():
    for coupon in read("coupons.json"):
        assert coupon["total"] >= coupon["per_member"] > 0
        if coupon["kind"] == "amount":
            assert 0 < coupon["off_fen"] < coupon["threshold_fen"]
        if coupon["kind"] == "rate":
            assert 0 < coupon["rate_bp"] < 10_000
            assert coupon["cap_fen"] > 0
    for campaign in read("campaigns.json"):
        steps = campaign["rule"].get("steps", [])
        assert all(0 < step["off_fen"] < step["threshold_fen"] for step in steps)


@pytest.mark.parametrize(
    ("received_fen", "tier"),
    [(0, "普通"), (29_900, "白银"), (30_000, "黄金"), (100_000, "黄金"), (100_001, "钻石")],
)
def test_tiers_begin_where_the_plan_says(received_fen, tier):
    reached = [row for row in read("tiers.json") if row["threshold_fen"] <= received_fen]

    assert max(reached, key=lambda row: row["rank"])["title_zh"] == tier


def test_the_four_fixed_shoppers_come_first_with_addresses():
    first = read("members.json")[:4]

    assert [member["phone"] for member in first] == [f"1380000000{n}" for n in range(1, 5)]
    assert [member["tier"] for member in first] == ["normal", "silver", "gold", "diamond"]


def test_addresses_name_the_deepest_region_and_one_default():
    for member in read("members.json"):
        addresses = member["addresses"]
        assert [address["is_default"] for address in addresses].count(True) == 1
        for address in addresses:
            assert regions.is_deepest(address["region_code"]), address
            assert re.fullmatch(r"1\d{10}", address["phone"])


def test_reviews_are_about_products_and_believable():
    texts = [review["text_zh"] for review in read("reviews.json")]

    assert {review["product"] for review in read("reviews.json")} <= set(products())
    assert {review["rating"] for review in read("reviews.json")} == {3, 4, 5}
    assert len(set(texts)) == len(texts)
    assert all(5 <= len(text) <= 200 for text in texts)


def named_pictures():
    for product in products().values():
        yield from product["pictures"]
        yield from (point["picture"] for point in product["selling_points"] if point["picture"])
        for axis in product["options"]:
            yield from (value["picture"] for value in axis["values"] if "picture" in value)


def test_product_pictures_exist_in_three_widths_and_are_small():
    for name in set(named_pictures()):
        for suffix, width in (("", 800), ("-400", 400), ("-200", 200)):
            path = MEDIA / f"{name}{suffix}.webp"
            assert path.stat().st_size < 200 * 1024
            with Image.open(path) as picture:
                assert picture.size == (width, width)
                assert picture.format == "WEBP"


def test_pictures_in_pages_are_those_of_banners_or_covers():
    pages, banners = read("pages.json"), read("banners.json")
    there = {row["picture"] for row in banners} | {row["cover"] for row in pages if row["cover"]}
    settings = [block["settings"] for row in pages for block in row["blocks"]]

    assert {one["picture"] for one in settings if "picture" in one} <= there


def test_banners_and_category_icons_exist():
    for banner in read("banners.json"):
        with Image.open(MEDIA / f"{banner['picture']}.webp") as picture:
            assert picture.size == (1280, 560)
    for node in categories().values():
        assert (MEDIA / f"icon-{node['icon']}.webp").stat().st_size < 12 * 1024


def test_every_product_has_its_own_main_picture_and_all_media_stay_light():
    mains = [product["pictures"][0] for product in products().values()]
    total = sum(path.stat().st_size for path in MEDIA.iterdir())

    assert len(set(mains)) == len(mains)
    assert total < 12 * 1024 * 1024


def test_pictures_json_asks_for_exactly_the_files_in_the_folder():
    specs, icons = pictures.read_specs()
    wanted = {f"{spec.name}.webp" for spec in specs}
    wanted |= {f"{spec.name}-{width}.webp" for spec in specs for width in spec.widths}
    wanted |= {f"icon-{code}.webp" for code in icons}

    assert {path.name for path in MEDIA.iterdir()} == wanted
    assert {spec.scene for spec in specs} == set(BACKDROPS)
    assert {spec.palette for spec in specs} <= set(PALETTES)


def test_neighbours_of_a_category_do_not_share_hero_and_palette():
    specs = {spec.name: spec for spec in pictures.read_specs()[0]}
    looks = Counter(
        (product["category"], specs[code].hero, specs[code].palette)
        for code, product in products().items()
    )

    assert [look for look, times in looks.items() if times > 1] == []


def test_the_same_spec_draws_the_same_picture(tmp_path):
    spec = pictures.Spec(
        name="fan", palette="ice", scene="arch", hero=Figure("standing-fan"), size=(160, 160)
    )

    first, second = pictures.compose(tmp_path, spec), pictures.compose(tmp_path, spec)

    assert first.tobytes() == second.tobytes()
    assert first.size == (160, 160)


@pytest.mark.parametrize("name", content_files())
def test_texts_are_complete_in_both_languages(name):
    optional = re.compile(r"\.(text|unit|kicker)_(zh|en)$")
    for path, text in pairs(read(name)):
        if path.endswith(("_en", ".en")):
            assert not re.search(r"[一-鿿]", text), (path, text)
        if path.endswith(("_en", ".en", "_zh", ".zh")) and not optional.search(path):
            assert text.strip(), path
        assert text == text.strip()


@pytest.mark.parametrize("name", content_files())
def test_words_keep_to_the_advertising_law_and_the_tone_of_the_house(name):
    for path, text in pairs(read(name)):
        assert not FORBIDDEN.search(text), (path, text)
        assert not UNWANTED.search(text), (path, text)
