"""Parts of a bundle on the operators' screen of a SKU. C-13."""

import pytest

from catalog.models import BundlePart, Sku
from catalog.testing import make_bundle, make_sku
from catalog.tests.screens import formset, operator, page, seller, text
from mall.kernel.audit.models import AuditEntry

__all__ = ["seller"]
pytestmark = pytest.mark.django_db


def typed(sku, *parts, initial=0, **values):
    """The form of a SKU as a browser sends it, with rows of parts."""
    return {
        "price_fen": "100.00",
        "list_price_fen": "100.00",
        "list_price_kind": "suggested",
        "cost_fen": "0",
        "weight_grams": sku.weight_grams,
        "volume_cm3": 0,
        "is_active": "on",
        **formset("bundle_parts", *parts, initial=initial),
        **values,
    }


def row(part, quantity, sort=0, **values):
    return {"part": part.pk, "quantity": quantity, "sort": sort, **values}


def test_C_13_a_sku_is_made_a_bundle_in_its_form(client, seller):
    sku, a, b = make_sku(), make_sku(), make_sku()

    answer = client.post(page("sku_change", sku.pk), typed(sku, row(b, 2, 2), row(a, 1, 1)))

    assert answer.status_code == 302, text(answer)
    assert Sku.objects.get(pk=sku.pk).is_bundle
    parts = BundlePart.objects.filter(bundle=sku).values_list("part", "quantity")
    assert list(parts) == [(a.pk, 1), (b.pk, 2)]
    assert AuditEntry.objects.get(verb="catalog.set_bundle_parts").actor == seller
    again = client.get(page("sku_change", sku.pk))
    assert a.code in text(again)


def test_a_part_is_taken_out_and_the_last_one_ends_the_bundle(client, seller):
    a, b = make_sku(), make_sku()
    bundle = make_bundle({a: 1, b: 1})
    first, second = bundle.bundle_parts.order_by("sort")

    kept = row(a, 3, id=first.pk, bundle=bundle.pk)
    gone = row(b, 1, 1, id=second.pk, bundle=bundle.pk, DELETE="on")
    client.post(page("sku_change", bundle.pk), typed(bundle, kept, gone, initial=2))
    assert list(bundle.bundle_parts.values_list("part", "quantity")) == [(a.pk, 3)]

    last = row(a, 3, id=bundle.bundle_parts.get().pk, bundle=bundle.pk, DELETE="on")
    client.post(page("sku_change", bundle.pk), typed(bundle, last, initial=1))
    assert not Sku.objects.get(pk=bundle.pk).is_bundle


def test_a_bundle_in_a_bundle_is_refused_on_the_form(client, seller):
    client.cookies["django_language"] = "en"
    bundle, sku = make_bundle({make_sku(): 1}), make_sku()

    answer = client.post(page("sku_change", sku.pk), typed(sku, row(bundle, 1)), follow=True)

    assert f"{bundle.code} is a bundle: only ordinary goods can be part of one." in text(answer)
    assert not Sku.objects.get(pk=sku.pk).is_bundle


def test_a_part_of_a_bundle_does_not_become_a_mere_gift(client, seller):
    client.cookies["django_language"] = "en"
    part = make_sku()
    make_bundle({part: 1})

    answer = client.post(page("sku_change", part.pk), typed(part, is_gift_only="on"), follow=True)

    assert "is only given away: it cannot be sold in a bundle." in text(answer)
    assert not Sku.objects.get(pk=part.pk).is_gift_only


def test_who_may_only_look_changes_no_parts(client):
    operator(client, "view_sku", "view_bundlepart", "change_sku")
    sku, a = make_sku(), make_sku()

    client.post(page("sku_change", sku.pk), typed(sku, row(a, 1)))

    assert not BundlePart.objects.exists()
