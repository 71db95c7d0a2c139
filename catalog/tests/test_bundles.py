"""Bundles: what a SKU is made of, what that costs and weighs, and what the database never takes.
Requirement C-13."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from catalog import errors
from catalog.models import BundlePart, Sku
from catalog.selectors import bundle_parts, skus_for_pricing
from catalog.services import Purchase, average_costs, set_bundle_parts
from catalog.testing import AT, make_bundle, make_product, make_sku
from mall.kernel.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


def numbers(sku):
    sku = Sku.objects.get(pk=sku.pk)
    return sku.cost_fen, sku.weight_grams, sku.volume_cm3


def priced(cost_fen, grams=100, cm3=10):
    sku = make_sku()
    Sku.objects.filter(pk=sku.pk).update(cost_fen=cost_fen, weight_grams=grams, volume_cm3=cm3)
    return Sku.objects.get(pk=sku.pk)


def test_C_13_a_bundle_costs_and_weighs_what_its_parts_do():
    cup, tea = priced(1_000, 300, 50), priced(250, 20, 5)

    bundle = make_bundle({cup: 1, tea: 4})

    assert numbers(bundle) == (2_000, 380, 70)
    assert Sku.objects.get(pk=tea.pk).bundled_each == 4
    row = AuditEntry.objects.get(verb="catalog.set_bundle_parts")
    assert row.after == {"parts": {cup.code: 1, tea.code: 4}}


def test_a_part_that_costs_more_makes_its_bundles_cost_more():
    cup, tea = priced(1_000), priced(200)
    bundle = make_bundle({cup: 1, tea: 2})

    average_costs(purchases={tea.pk: Purchase(1, 400, 1)}, reference="po:1", at=AT)

    assert numbers(bundle)[0] == 1_600


def test_what_is_typed_as_the_cost_of_a_bundle_gives_way_to_its_parts():
    bundle = make_bundle({priced(1_000): 2})

    Sku.objects.filter(pk=bundle.pk).update(cost_fen=1, weight_grams=1)

    assert numbers(bundle) == (2_000, 200, 20)


def test_facts_of_a_bundle_name_its_parts_in_order_others_have_none(django_assert_num_queries):
    sized = make_product(skus=2).skus.order_by("pk")[1]
    tea = make_sku()
    bundle = make_bundle({tea: 3, sized: 1})

    with django_assert_num_queries(1):
        facts = skus_for_pricing([bundle.pk, tea.pk], AT)

    parts = facts[bundle.pk].parts
    assert [(part.sku_id, part.quantity, part.code) for part in parts] == [
        (tea.pk, 3, tea.code),
        (sized.pk, 1, sized.code),
    ]
    assert parts[1].options == (("尺码", "Size", "2号", "Size 2"),)
    assert parts[0].image["file"].endswith(".jpg") or parts[0].image["file"]
    assert facts[tea.pk].parts == ()
    assert bundle_parts([bundle.pk, tea.pk], AT) == {bundle.pk: parts}


def test_parts_change_and_a_bundle_is_taken_apart():
    cup, tea = priced(1_000), priced(200)
    bundle = make_bundle({cup: 1})

    set_bundle_parts(sku_id=bundle.pk, parts={tea.pk: 5}, at=AT)
    assert numbers(bundle)[0] == 1_000
    assert Sku.objects.get(pk=cup.pk).bundled_each == 0

    set_bundle_parts(sku_id=bundle.pk, parts={}, at=AT)
    assert not Sku.objects.get(pk=bundle.pk).is_bundle
    assert not BundlePart.objects.exists()


def test_the_same_parts_again_write_nothing():
    cup = make_sku()
    bundle = make_bundle({cup: 1})
    written = AuditEntry.objects.count()

    set_bundle_parts(sku_id=bundle.pk, parts={cup.pk: 1}, at=AT)

    assert AuditEntry.objects.count() == written


def test_what_cannot_be_part_of_a_bundle_is_refused_in_words():
    cup = make_sku()
    gift = make_sku()
    Sku.objects.filter(pk=gift.pk).update(is_gift_only=True)
    bundle = make_bundle({cup: 1})
    other = make_sku()

    def refused(error, sku, parts):
        with pytest.raises(error):
            set_bundle_parts(sku_id=sku.pk, parts=parts, at=AT)

    refused(errors.BundleInBundle, other, {bundle.pk: 1})
    refused(errors.BundleInBundle, other, {other.pk: 1})
    refused(errors.BundlePartGiftOnly, other, {gift.pk: 1})
    refused(errors.BundleGivenAway, gift, {other.pk: 1})
    refused(errors.BundleIsPart, cup, {other.pk: 1})
    refused(errors.BundlePartPieces, other, {cup.pk: 0})
    refused(errors.BundlePartPieces, other, {cup.pk: 100})
    refused(errors.BundleTooLarge, other, {make_sku().pk: 1 for _n in range(21)})

    assert list(BundlePart.objects.values_list("bundle", "part")) == [(bundle.pk, cup.pk)]


def test_the_database_keeps_parts_from_being_bundles_gifts_or_deleted():
    cup, spare = make_sku(), make_sku()
    bundle = make_bundle({cup: 1})

    def refused(deed):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()

    refused(lambda: BundlePart.objects.create(bundle=spare, part=cup))
    refused(lambda: BundlePart.objects.create(bundle=bundle, part=bundle))
    refused(lambda: BundlePart.objects.create(bundle=bundle, part=cup))
    refused(lambda: BundlePart.objects.create(bundle=bundle, part=spare, quantity=0))
    refused(lambda: Sku.objects.filter(pk=cup.pk).update(is_bundle=True))
    refused(lambda: Sku.objects.filter(pk=cup.pk).update(is_gift_only=True))
    refused(lambda: Sku.objects.filter(pk=bundle.pk).update(is_bundle=False))
    refused(lambda: Sku.objects.filter(pk=bundle.pk).update(is_gift_only=True))
    with pytest.raises(ProtectedError):
        cup.delete()


def test_a_bundle_of_twenty_parts_takes_as_many_statements_as_one_of_two(
    django_assert_num_queries,
):
    few, many = make_sku(), make_sku()
    parts = [make_sku().pk for _n in range(20)]

    with django_assert_num_queries(14):
        set_bundle_parts(sku_id=few.pk, parts=dict.fromkeys(parts[:2], 1), at=AT)
    with django_assert_num_queries(14):
        set_bundle_parts(sku_id=many.pk, parts=dict.fromkeys(parts, 1), at=AT)
