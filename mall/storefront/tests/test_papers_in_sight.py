"""An uploaded paper is seen on the page and in the API, whatever blocks there are. Source: C-46."""

from datetime import timedelta

import pytest
from django.urls import reverse

from catalog.models import ProductCertificate
from catalog.services import save_certificate, save_product
from catalog.testing import make_product, shelve
from mall.kernel import clock

pytestmark = pytest.mark.django_db


def with_paper(*, days=30, **values):
    at = clock.now()
    product = save_product(product=make_product(at=at), values=values, at=at)
    shelve(product, at=at)
    paper = ProductCertificate(
        product=product,
        number="QC-2026-1",
        agency_zh="国检",
        file="certificates/a.pdf",
        expires_on=clock.day_of(at) + timedelta(days=days),
    )
    save_certificate(certificate=paper, at=at)
    return product


def seen(client, product):
    page = client.get(reverse("storefront:product", args=[product.pk])).content.decode()
    told = client.get(f"/api/v1/catalog/products/{product.pk}/").json()
    return page, [block["kind"] for block in told["blocks"]], told["blocks"]


@pytest.mark.parametrize("blocks", [[], [{"kind": "text", "text_zh": "说明"}]])
def test_C_46_a_paper_is_seen_where_nobody_made_a_trust_block(client, blocks):
    page, kinds, told = seen(client, with_paper(blocks=blocks))

    assert kinds == [*(block["kind"] for block in blocks), "trust"]
    assert told[-1]["papers"][0]["number"] == "QC-2026-1"
    assert page.count("QC-2026-1") == 1
    assert "certificates/a.pdf" in page


def test_a_trust_block_that_is_there_stays_where_it_was_put(client):
    blocks = [{"kind": "trust", "title_zh": "凭证"}, {"kind": "text", "text_zh": "说明"}]
    page, kinds, _told = seen(client, with_paper(blocks=blocks))

    assert kinds == ["trust", "text"]
    assert page.count("QC-2026-1") == 1


def test_a_paper_that_ran_out_makes_no_block(client):
    page, kinds, _told = seen(client, with_paper(days=-1))

    assert kinds == []
    assert "QC-2026-1" not in page
