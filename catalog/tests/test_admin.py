"""The operators' screens of goods."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from catalog.models import (
    AttributeDefinition,
    Category,
    FreightTemplate,
    Media,
    PriceHistory,
    Product,
    SearchSynonym,
    Sku,
)
from catalog.testing import (
    make_attribute,
    make_brand,
    make_category,
    make_freight_template,
    make_media,
    make_picture_file,
    make_product,
    make_root,
)
from mall.kernel.audit.models import AuditEntry
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
BACKEND = "members.backends.AccountBackend"


def operator(client, *codenames):
    account = get_user_model().objects.create(
        username="seller", is_staff=True, is_superuser=not codenames
    )
    account.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(account, backend=BACKEND)
    return account


@pytest.fixture
def seller(client):
    return operator(client)


def page(name, *args):
    return reverse(f"admin:catalog_{name}", args=args)


def text(answer):
    return answer.content.decode()


def formset(prefix, *rows, initial=0):
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def product_form(category, **values):
    return {
        "code": "TEE",
        "title_zh": "纯棉短袖T恤",
        "title_en": "Cotton T-shirt",
        "category": category.pk,
        "freight_template": make_freight_template().pk,
        "blocks": "[]",
        **formset("skus"),
        **formset("gallery"),
        **values,
    }


LISTS = (
    "product",
    "sku",
    "category",
    "brand",
    "media",
    "freighttemplate",
    "pricehistory",
    "searchsynonym",
)


def test_every_list_keeps_its_budget_at_a_hundred_rows(client, seller):
    category, brand = make_category(), make_brand()
    for _ in range(99):
        make_product(category=category, brand=brand)
        make_category(parent=category.parent)
        make_brand()
        SearchSynonym.objects.create(words="土豆 马铃薯")

    for model in LISTS:
        with count_queries(at_most=12):
            assert client.get(page(f"{model}_changelist")).status_code == 200


# ---------- products ----------


def test_a_level_one_category_is_a_validation_error(client, seller):
    answer = client.post(page("product_add"), product_form(make_root()))

    assert answer.status_code == 200
    assert "category" in answer.context["adminform"].form.errors
    assert not Product.objects.exists()


def test_a_product_is_made_through_the_verb(client, seller):
    category = make_category()

    answer = client.post(page("product_add"), product_form(category))

    assert answer.status_code == 302
    product = Product.objects.get()
    assert (product.status, product.slug, product.category) == ("draft", "cotton-t-shirt", category)
    assert AuditEntry.objects.get(verb="catalog.save_product").actor == seller


def five_attributes(category):
    for number in range(1, 6):
        kind = "choice" if number == 5 else "number" if number == 4 else "text"
        make_attribute(
            category,
            code=f"a{number}",
            title_zh=f"参数{number}",
            kind=kind,
            choices=[{"zh": "硅胶", "en": "Silicone"}] if kind == "choice" else [],
            is_required=True,
        )


def test_five_required_attributes_are_five_fields_and_all_must_be_filled(client, seller):
    category = make_category(title_zh="手机壳")
    five_attributes(category)

    empty = client.get(page("product_add"), {"category": category.pk})
    lacking = client.post(page("product_add"), product_form(category, attribute_a1="透明"))

    assert all(f'name="attribute_a{number}"' in text(empty) for number in range(1, 6))
    assert set(lacking.context["adminform"].form.errors) == {
        "attribute_a2",
        "attribute_a3",
        "attribute_a4",
        "attribute_a5",
    }
    assert not Product.objects.exists()


def test_attribute_values_are_kept_in_both_languages(client, seller):
    category = make_category()
    five_attributes(category)
    typed = {
        "attribute_a1": "透明",
        "attribute_a1_in_english": "Clear",
        "attribute_a2": "二",
        "attribute_a3": "三",
        "attribute_a4": "12.5",
        "attribute_a5": "硅胶",
    }

    answer = client.post(page("product_add"), product_form(category, **typed))

    assert answer.status_code == 302
    product = Product.objects.get()
    values = product.attribute_values.values_list("definition__code", "value_zh", "value_en")
    assert sorted(values) == [
        ("a1", "透明", "Clear"),
        ("a2", "二", ""),
        ("a3", "三", ""),
        ("a4", "12.5", ""),
        ("a5", "硅胶", "Silicone"),
    ]
    shown = text(client.get(page("product_change", product.pk)))
    assert 'value="透明"' in shown


def sku_row(sku, **values):
    return {
        "id": sku.pk,
        "product": sku.product_id,
        "code": sku.code,
        "price_fen": "100.00",
        "list_price_fen": "120.00",
        "cost_fen": "0",
        "weight_grams": sku.weight_grams,
        "volume_cm3": sku.volume_cm3,
        "is_active": "on",
        **values,
    }


def change(client, product, *sku_rows, **values):
    gallery = [
        {"id": row.pk, "product": product.pk, "media": row.media_id, "sort": row.sort}
        for row in product.gallery.all()
    ]
    form = product_form(
        product.category,
        code=product.code,
        freight_template=product.freight_template_id,
        **formset("skus", *sku_rows, initial=product.skus.count()),
        **formset("gallery", *gallery, initial=len(gallery)),
    )
    return client.post(page("product_change", product.pk), {**form, **values})


def test_a_price_typed_with_the_product_goes_through_the_price_history(client, seller):
    product = make_product(price_fen=10_000, list_price_fen=12_000)
    sku = product.skus.get()

    answer = change(client, product, sku_row(sku, price_fen="89.90"))

    assert answer.status_code == 302
    sku.refresh_from_db()
    assert (sku.price_fen, sku.list_price_fen) == (8_990, 12_000)
    history = sku.price_history.filter(is_offered=True).order_by("pk")
    assert list(history.values_list("price_fen", flat=True)) == [10_000, 8_990]
    assert AuditEntry.objects.get(verb="catalog.set_price").actor == seller


def test_a_price_above_its_list_price_is_said_and_changes_nothing(client, seller):
    product = make_product(price_fen=10_000, list_price_fen=12_000)
    sku = product.skus.get()

    change(client, product, sku_row(sku, price_fen="130.00"), title_zh="另一个名字")

    sku.refresh_from_db()
    product.refresh_from_db()
    assert (sku.price_fen, product.title_zh == "另一个名字") == (10_000, False)


def test_the_last_sku_of_a_product_on_sale_cannot_be_switched_off(client, seller):
    product = make_product(price_fen=10_000, list_price_fen=12_000)
    row = sku_row(product.skus.get())
    del row["is_active"]

    answer = change(client, product, row)

    assert answer.status_code == 302
    assert product.skus.get().is_active
    told = client.get(page("product_changelist")).context["messages"]
    assert [message.level_tag for message in told] == ["error"]


def test_new_pictures_are_stored_and_join_the_gallery(client, seller):
    product = make_product(price_fen=10_000, list_price_fen=12_000)
    upload = make_picture_file()
    upload.name = "../../evil.php.png"

    answer = change(client, product, sku_row(product.skus.get()), new_pictures=[upload])

    assert answer.status_code == 302
    pictures = [row.media for row in product.gallery.all()]
    assert len(pictures) == 2
    assert "evil" not in pictures[1].file.name


def test_a_bad_picture_is_an_error_of_its_field(client, seller):
    product = make_product(price_fen=10_000, list_price_fen=12_000)
    upload = make_picture_file(image_format="GIF")
    upload.name = "picture.png"

    answer = change(client, product, sku_row(product.skus.get()), new_pictures=[upload])

    assert "new_pictures" in answer.context["adminform"].form.errors
    assert product.gallery.count() == 1


def test_goods_are_put_on_sale_and_taken_off_from_the_list(client, seller):
    ready, lacking = make_product(on_sale=False), make_product(price_fen=0, on_sale=False)
    chosen = {"_selected_action": [ready.pk, lacking.pk]}

    told = client.post(page("product_changelist"), {"action": "publish", **chosen}, follow=True)

    statuses = Product.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["on_sale", "draft"]
    assert [str(message.level_tag) for message in told.context["messages"]] == ["error", "success"]
    client.post(page("product_changelist"), {"action": "take_off", **chosen})
    ready.refresh_from_db()
    assert ready.status == "off_sale"


def test_one_product_is_put_on_sale_after_a_question(client, seller):
    product = make_product(on_sale=False)
    address = page("product_publish_one", product.pk)

    client.get(address)
    product.refresh_from_db()
    assert product.status == "draft"
    client.post(address)

    product.refresh_from_db()
    assert product.status == "on_sale"


def test_two_colours_and_three_sizes_typed_are_six_skus(client, seller):
    product = make_product(on_sale=False)
    product.skus.update(is_active=False)
    address = page("product_build_matrix", product.pk)
    axes = "颜色|Colour: 红|Red, 蓝|Blue\n尺码：S，M，L"

    answer = client.post(address, {"axes": axes, "price_fen": "99", "weight_grams": 300})

    assert answer.status_code == 302
    keys = product.skus.filter(is_active=True).values_list("options_key", flat=True)
    assert len(keys) == 6
    assert "chi-ma=m;colour=red" in keys
    client.post(address, {"axes": "颜色: 绿|Green\n尺码: M", "price_fen": "99", "weight_grams": 1})
    assert product.skus.filter(options_key="chi-ma=m;colour=green").exists()


@pytest.mark.parametrize(
    "axes", ["颜色", "颜色:", ": 红", "颜色: 红, 红", "a: 1\nb: 1\nc: 1\nd: 1"]
)
def test_axes_that_cannot_be_read_make_nothing(client, seller, axes):
    product = make_product(on_sale=False)

    answer = client.post(
        page("product_build_matrix", product.pk),
        {"axes": axes, "price_fen": "99", "weight_grams": 300},
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert product.skus.count() == 1


# ---------- prices ----------


def test_the_price_list_is_typed_in_and_kept(client, seller):
    product = make_product(price_fen=10_000, list_price_fen=12_000)
    sku = product.skus.get()
    row = {"id": sku.pk, "price_fen": "88.00", "list_price_fen": "120.00"}

    client.post(page("sku_changelist"), {**formset("form", row, initial=1), "_save": "Save"})

    history = PriceHistory.objects.filter(sku=sku, is_offered=True)
    assert list(history.order_by("pk").values_list("price_fen", flat=True)) == [10_000, 8_800]
    sku.refresh_from_db()
    assert sku.price_fen == 8_800


@pytest.mark.parametrize("typed", ["200.00", "0"])
def test_a_price_that_the_shop_refuses_is_said_and_no_row_changes(client, seller, typed):
    make_product(skus=2, price_fen=10_000, list_price_fen=12_000)
    rows = [
        {"id": sku.pk, "price_fen": price, "list_price_fen": "120.00"}
        for sku, price in zip(Sku.objects.order_by("pk"), ("90.00", typed), strict=True)
    ]

    typed_in = {**formset("form", *rows, initial=2), "_save": "1"}
    told = client.post(page("sku_changelist"), typed_in, follow=True).context["messages"]

    assert [message.level_tag for message in told] == ["error"]
    assert set(Sku.objects.values_list("price_fen", flat=True)) == {10_000}


def test_costs_are_hidden_from_those_who_may_not_see_them(client):
    product = make_product()
    Sku.objects.update(cost_fen=4_321)
    operator(client, "view_sku", "change_sku", "view_product", "change_product")

    lists = text(client.get(page("sku_changelist"))) + text(
        client.get(page("product_change", product.pk))
    )

    assert "43.21" not in lists
    assert "cost_fen" not in lists
    assert client.get(page("sku_changelist"), {"cost_fen__gte": 1}).status_code in (302, 400)


def test_price_history_cannot_be_edited(client, seller):
    make_product()
    row = PriceHistory.objects.get(is_offered=True)

    client.post(page("pricehistory_change", row.pk), {"price_fen": "1"})
    answer = client.post(page("pricehistory_delete", row.pk), {"post": "yes"})

    assert answer.status_code == 403
    row.refresh_from_db()
    assert row.price_fen == 10_000


# ---------- the tree, freight, words, pictures ----------


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
    assert "parent" in answer.context["adminform"].form.errors


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
            **formset("attribute_definitions", {**row, "choices": '[{"en": "Red"}]'}),
        ),
    )
    assert bad.status_code == 200
    good = client.post(
        page("category_add"),
        category_form(
            parent=root.pk, **formset("attribute_definitions", {**row, "choices": '[{"zh": "红"}]'})
        ),
    )
    assert good.status_code == 302
    assert AttributeDefinition.objects.get().choices == [{"zh": "红"}]


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
    assert (media.alt_zh, media.width) == ("红", 800)
    client.post(page("media_change", media.pk), {"alt_zh": "蓝", "alt_en": ""})
    media.refresh_from_db()
    assert media.alt_zh == "蓝"
    assert "-200.webp" in text(client.get(page("media_changelist")))


def test_a_marketing_operator_without_rights_sees_nothing(client):
    operator(client, "view_brand")
    make_media()

    assert client.get(page("product_changelist")).status_code == 403
    assert client.get(page("media_changelist")).status_code == 403
