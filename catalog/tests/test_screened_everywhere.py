"""Words of options, categories, brands and videos meet the same screen as titles. Source: C-37."""

import pytest

from catalog.errors import TextsRefused
from catalog.importing import read_shipload
from catalog.models import (
    AttributeDefinition,
    Category,
    OptionValue,
    Product,
    ProductApproval,
    ProductCertificate,
    ProductOption,
    ScreeningTerm,
    Video,
)
from catalog.services import (
    OptionPlan,
    Refusal,
    ValuePlan,
    build_skus,
    import_batch,
    publish_product,
    save_brand,
    save_category,
    save_certificate,
    save_product,
    save_publishing_policy,
    save_video,
    set_options,
    store_video,
)
from catalog.testing import AT, film, make_brand, make_category, make_operator, make_product
from mall.kernel.audit.models import AuditEntry
from mall.kernel.outbox.models import OutboxEvent

pytestmark = pytest.mark.django_db
SIZES = [ValuePlan("s", "S"), ValuePlan("m", "M")]
HEALS = "治愈失眠"
WARNED = "极致红"


def axis(title="颜色", value="红"):
    return OptionPlan("colour", title, [ValuePlan("red", value)])


def status_of(product):
    return Product.objects.get(pk=product.pk).status


@pytest.mark.parametrize("words", [{"title": HEALS}, {"value": HEALS}])
def test_C_37_no_option_gives_goods_on_sale_a_forbidden_word(words):
    product = make_product()

    with pytest.raises(TextsRefused, match="治愈"):
        set_options(product=product, options=[axis(**words)], at=AT)
    with pytest.raises(TextsRefused, match="治愈"):
        build_skus(product=product, options=[axis(**words)], price_fen=9_900, at=AT)

    assert not ProductOption.objects.exists()
    assert (status_of(product), product.skus.count()) == ("on_sale", 1)


@pytest.mark.parametrize("words", [{"title": HEALS}, {"value": HEALS}])
def test_C_37_a_draft_takes_any_option_and_does_not_go_on_sale_with_it(words):
    product = make_product(on_sale=False)

    set_options(product=product, options=[axis(**words)], at=AT)

    with pytest.raises(TextsRefused, match="治愈"):
        publish_product(product=product, at=AT)
    assert status_of(product) == "draft"


def test_C_37_an_option_that_is_warned_of_waits_for_a_person_unseen():
    product = make_product()
    maker = make_operator()

    set_options(product=product, options=[axis(value=WARNED)], at=AT, actor=maker)

    assert status_of(product) == "pending"
    assert product.approvals.get().maker == maker
    assert OutboxEvent.objects.filter(name="catalog.product_taken_off").count() == 1


def shipload(tmp_path, *rows):
    path = tmp_path / "goods.csv"
    header = "product_code,title_zh,category,status,sku_code,price_yuan,option:颜色"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return read_shipload(path).goods


@pytest.mark.parametrize(("value", "status"), [(HEALS, "on_sale"), (WARNED, "on_sale")])
def test_C_37_a_file_gives_known_goods_no_forbidden_option(tmp_path, value, status):
    plain = "F1,短袖,服装 > 上装,on_sale,F1-A,99,红"
    import_batch(shipload(tmp_path, plain), at=AT)

    (answer,) = import_batch(
        shipload(tmp_path, plain, f"F1,短袖,服装 > 上装,on_sale,F1-B,99,{value}"), at=AT
    )

    is_taken = value == WARNED
    assert isinstance(answer, Refusal) is not is_taken
    assert OptionValue.objects.filter(title_zh=value).exists() is is_taken
    product = Product.objects.get()
    assert product.status == status
    assert product.approvals.filter(status="approved").exists() is is_taken


def test_C_37_a_new_product_of_a_file_is_judged_by_the_name_of_its_axis_too(tmp_path):
    path = tmp_path / "goods.csv"
    path.write_text(
        f"product_code,title_zh,category,status,price_yuan,option:{HEALS}\n"
        "F1,短袖,服装 > 上装,on_sale,99,红",
        encoding="utf-8",
    )

    (arrival,) = import_batch(read_shipload(path).goods, at=AT)

    assert [problem.field for problem in arrival.problems] == ["status"]
    assert status_of(Product.objects.get()) == "draft"


def test_C_50_a_file_that_changes_a_price_alone_judges_no_words(tmp_path):
    row = "F1,短袖,服装 > 上装,on_sale,F1-A,{},红"
    import_batch(shipload(tmp_path, row.format(99)), at=AT)
    ScreeningTerm.objects.create(word="红", term_class="other", severity="block")
    ProductApproval.objects.all().delete()
    save_publishing_policy(values={"approval": "always"}, at=AT, actor=None)

    (answer,) = import_batch(shipload(tmp_path, row.format(98)), at=AT)

    product = Product.objects.get()
    assert not isinstance(answer, Refusal), answer.reason
    assert (product.status, product.skus.get().price_fen) == ("on_sale", 9_800)


@pytest.mark.parametrize(("name", "is_taken"), [(HEALS, False), ("最大功率", True)])
@pytest.mark.parametrize("is_known", [False, True])
def test_C_37_a_file_makes_no_attribute_of_a_forbidden_name(tmp_path, name, is_taken, is_known):
    path = tmp_path / "goods.csv"
    plain = "product_code,title_zh,category,status,price_yuan"
    row = "F1,短袖,服装 > 上装,on_sale,99"
    if is_known:
        path.write_text(f"{plain}\n{row}", encoding="utf-8")
        import_batch(read_shipload(path).goods, at=AT)
    path.write_text(f"{plain},attr:{name}\n{row},2000", encoding="utf-8")

    (answer,) = import_batch(read_shipload(path).goods, at=AT)

    assert isinstance(answer, Refusal) is not is_taken
    assert AttributeDefinition.objects.filter(title_zh=name).exists() is is_taken
    assert Product.objects.exists() is (is_taken or is_known)


def test_C_37_a_partners_english_name_is_judged_beside_the_chinese_one():
    product = make_product()

    with pytest.raises(TextsRefused, match="治愈"):
        save_product(product=product, values={"partner_zh": "山茶", "partner_en": HEALS}, at=AT)

    product.refresh_from_db()
    assert product.partner_en == ""


def test_C_37_the_agency_of_a_paper_says_nothing_forbidden_that_is_new():
    paper = ProductCertificate(product=make_product(), number="QC-1", file="certificates/a.pdf")
    for name in ("agency_zh", "agency_en"):
        paper.agency_zh, paper.agency_en = "国家知识产权局", ""
        setattr(paper, name, HEALS)
        with pytest.raises(TextsRefused, match="治愈"):
            save_certificate(certificate=paper, at=AT)
    assert not ProductCertificate.objects.exists()

    paper.agency_zh, paper.agency_en = "国家知识产权局", ""
    save_certificate(certificate=paper, at=AT)
    ScreeningTerm.objects.create(word="知识产权", term_class="other", severity="block")
    paper.sort = 7
    save_certificate(certificate=paper, at=AT)

    assert ProductCertificate.objects.get().sort == 7


def test_C_37_a_category_and_a_brand_say_nothing_forbidden():
    category, brand = make_category(), make_brand()
    category.title_zh, brand.story_zh = "最好的上装", "我们的枕头治愈失眠"

    with pytest.raises(TextsRefused, match="最好"):
        save_category(category)
    with pytest.raises(TextsRefused, match="治愈"):
        save_brand(brand)

    assert not Category.objects.filter(title_zh="最好的上装").exists()
    brand.refresh_from_db()
    assert brand.story_zh == ""


def test_a_word_forbidden_later_keeps_nobody_from_sorting_what_is_there():
    category, brand = make_category(title_zh="量子上装"), make_brand(title_zh="量子")
    ScreeningTerm.objects.create(word="量子", term_class="other", severity="block")
    category.sort, brand.is_active = 7, False

    save_category(category)
    save_brand(brand)

    category.refresh_from_db()
    brand.refresh_from_db()
    assert (category.sort, brand.is_active) == (7, False)


def test_C_37_the_title_of_a_video_is_a_title():
    video = store_video(film(15), kind=Video.Kind.SHORT, at=AT)

    with pytest.raises(TextsRefused, match="最好"):
        save_video(video=video, values={"title_zh": "最好的枕头"}, at=AT)
    save_video(video=video, values={"title_zh": "枕头", "title_en": ""}, at=AT)

    video.refresh_from_db()
    assert video.title_zh == "枕头"
    assert AuditEntry.objects.filter(verb="catalog.save_video").count() == 1


def test_a_title_of_a_video_forbidden_later_keeps_nobody_from_changing_the_rest():
    video = store_video(film(15), kind=Video.Kind.SHORT, at=AT)
    save_video(video=video, values={"title_zh": "量子枕头"}, at=AT)
    ScreeningTerm.objects.create(word="量子", term_class="other", severity="block")

    save_video(video=video, values={"title_zh": "量子枕头", "shows_goods": True}, at=AT)

    video.refresh_from_db()
    assert video.shows_goods
    with pytest.raises(TextsRefused, match="量子"):
        save_video(video=video, values={"title_zh": "量子被"}, at=AT)
