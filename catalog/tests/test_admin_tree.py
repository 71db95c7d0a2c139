"""Screens of what products stand on: the tree, freight, words of search, pictures."""

import pytest

from catalog.models import (
    AttributeDefinition,
    Brand,
    Category,
    FreightTemplate,
    Media,
    SearchSynonym,
)
from catalog.selectors import category_tree
from catalog.testing import (
    make_attribute,
    make_category,
    make_freight_template,
    make_picture_file,
    make_product,
    make_root,
)
from catalog.tests.screens import formset, page, seller, text

__all__ = ["seller"]
pytestmark = pytest.mark.django_db


def category_form(**values):
    defaults = {
        "slug": "tops",
        "title_zh": "上装",
        "title_en": "Tops",
        "sort": 0,
        "is_active": "on",
    }
    return {**defaults, **formset("attribute_definitions"), **values}


def test_a_category_gets_level_and_path_from_its_parent(client, seller):
    root = make_root()

    client.post(page("category_add"), category_form(parent=root.pk))

    tops = Category.objects.get(slug="tops")
    assert (tops.level, tops.path_ids) == (2, [root.pk, tops.pk])


def test_a_category_cannot_hang_below_itself_or_a_fourth_level_or_goods(client, seller):
    middle = make_category()
    leaf = make_category(parent=middle)
    make_product(category=leaf)

    for parent in (leaf, middle):
        answer = client.post(
            page("category_change", middle.parent_id),
            category_form(parent=parent.pk, slug="moved"),
        )
        assert "parent" in answer.context["adminform"].form.errors
    answer = client.post(page("category_add"), category_form(parent=leaf.pk))
    said = answer.context["adminform"].form.errors["parent"]
    assert said[0].startswith("上装")


def test_moving_a_branch_moves_everything_below_it(client, seller):
    branch, other_root = make_category(), make_root()
    leaf = make_category(parent=branch)

    client.post(
        page("category_change", branch.pk), category_form(parent=other_root.pk, slug=branch.slug)
    )

    leaf.refresh_from_db()
    assert leaf.path_ids == [other_root.pk, branch.pk, leaf.pk]


def test_the_tree_is_listed_in_its_own_order(client, seller):
    second, first = make_root(sort=2), make_root(sort=1)
    branch = make_category(parent=second)
    leaves = [make_category(parent=branch, sort=sort) for sort in (2, 1)]
    other = make_category(parent=first)

    listed = client.get(page("category_changelist")).context["cl"].result_list

    assert list(listed) == [first, other, second, branch, leaves[1], leaves[0]]


def test_choices_must_have_a_chinese_word_each(client, seller):
    root = make_root()
    row = {"code": "colour", "title_zh": "颜色", "title_en": "Colour", "kind": "choice", "sort": 0}

    bad = client.post(
        page("category_add"),
        category_form(
            parent=root.pk,
            **formset("attribute_definitions", {**row, "choices": "| Red"}),
        ),
    )
    assert bad.status_code == 200
    good = client.post(
        page("category_add"),
        category_form(
            parent=root.pk,
            **formset("attribute_definitions", {**row, "choices": "红 | Red\n蓝｜Blue\n黑"}),
        ),
    )
    assert good.status_code == 302
    assert AttributeDefinition.objects.get().choices == [
        {"zh": "红", "en": "Red"},
        {"zh": "蓝", "en": "Blue"},
        {"zh": "黑"},
    ]


def test_C_37_an_attribute_takes_no_new_name_that_is_forbidden(client, seller):
    category = make_category()
    old = make_attribute(category, code="sleep", title_zh="治愈力")
    kept = {"id": old.pk, "code": "sleep", "title_zh": "治愈力", "title_en": "sleep"}
    rest = {"kind": "text", "choices": "", "sort": 4}
    new = {"code": "power", "title_en": "Power", **rest}

    def posted(**words):
        rows = ({**kept, **rest}, {**new, **words})
        return client.post(
            page("category_change", category.pk),
            category_form(
                parent=category.parent_id,
                slug=category.slug,
                **formset("attribute_definitions", *rows, initial=1),
            ),
        ).status_code

    assert posted(title_zh="治愈失眠") == 200
    assert posted(title_zh="功率", unit_zh="治愈") == 200
    assert not AttributeDefinition.objects.filter(code="power").exists()
    assert posted(title_zh="最大功率") == 302
    old.refresh_from_db()
    assert old.sort == 4


def test_C_04_a_choice_keeps_its_code_when_its_line_stays(client, seller):
    category = make_category()
    kept = {"code": "red", "zh": "红", "en": "Red"}
    definition = make_attribute(category, code="colour", kind="choice", choices=[kept])
    row = {"id": definition.pk, "code": "colour", "title_zh": "颜色", "title_en": "Colour"}
    more = {"kind": "choice", "sort": 0, "choices": "红 | Crimson\n蓝"}

    shown = text(client.get(page("category_change", category.pk)))
    client.post(
        page("category_change", category.pk),
        category_form(
            parent=category.parent_id,
            slug=category.slug,
            **formset("attribute_definitions", {**row, **more}, initial=1),
        ),
    )

    definition.refresh_from_db()
    assert "红 | Red</textarea>" in shown
    assert definition.choices == [{"code": "red", "zh": "红", "en": "Crimson"}, {"zh": "蓝"}]


@pytest.mark.parametrize("name", ["brand", "category"])
def test_C_01_C_05_an_upload_is_the_logo_or_the_picture(client, seller, name):
    upload = make_picture_file(400, 400)
    upload.name = "logo.png"
    parent = make_root()
    form = {
        "brand": {
            "slug": "camellia",
            "title_zh": "山茶",
            "title_en": "Camellia",
            "new_logo": upload,
        },
        "category": {**category_form(parent=parent.pk), "new_picture": upload},
    }[name]

    answer = client.post(page(f"{name}_add"), form)

    assert answer.status_code == 302
    if name == "brand":
        assert Brand.objects.get().logo.width == 400
    else:
        (root,) = category_tree()
        assert root.children[0].icon.endswith("-200.webp")


def test_every_change_of_freight_is_another_version(client, seller):
    template = make_freight_template()
    form = {
        "code": template.code,
        "title_zh": "运费",
        "title_en": "Freight",
        "first_grams": 1000,
        "first_fee_fen": "5.00",
        "step_grams": 1000,
        "step_fee_fen": "1.00",
        "cm3_per_kilogram": 6000,
        "free_over_fen": "",
    }
    region = {
        "region_prefix": "65",
        "is_delivered": "on",
        "first_fee_fen": "20",
        "step_fee_fen": "9",
    }

    client.post(page("freighttemplate_change", template.pk), {**form, **formset("regions", region)})

    template = FreightTemplate.objects.get()
    assert (template.version > 1, template.cm3_per_kilogram) == (True, 6_000)
    assert template.regions.get().first_fee_fen == 2_000


def test_synonyms_are_two_words_at_least_in_one_form(client, seller):
    bad = client.post(page("searchsynonym_add"), {"words": "土豆 土豆", "is_active": "on"})
    client.post(page("searchsynonym_add"), {"words": "Ｔ恤　tee Tee", "is_active": "on"})

    assert bad.status_code == 200
    assert SearchSynonym.objects.get().words == "t恤 tee"


def test_an_upload_joins_the_library_and_another_format_does_not(client, seller):
    good, bad = make_picture_file(), make_picture_file(image_format="GIF")
    good.name, bad.name = "a.png", "b.png"

    client.post(page("media_add"), {"upload": good, "alt_zh": "红", "alt_en": "Red"})
    refused = client.post(page("media_add"), {"upload": bad, "alt_zh": "", "alt_en": ""})

    assert refused.status_code == 200
    media = Media.objects.get()
    assert (media.alt_zh, media.width) == ("红", 900)
    client.post(page("media_change", media.pk), {"alt_zh": "蓝", "alt_en": ""})
    media.refresh_from_db()
    assert media.alt_zh == "蓝"
    assert "-200.webp" in text(client.get(page("media_changelist")))
