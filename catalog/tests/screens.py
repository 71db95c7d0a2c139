"""Somebody at the screens of goods: signing in, addresses, forms as a browser sends them."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from catalog.testing import make_freight_template

BACKEND = "members.backends.AccountBackend"


def operator(client, *codenames):
    """Signed in with these rights; with all of them when none is named."""
    account = get_user_model().objects.create(
        username="seller", is_staff=True, is_superuser=not codenames
    )
    account.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(account, backend=BACKEND)
    return account


@pytest.fixture
def seller(client):
    """Somebody who may do everything."""
    return operator(client)


def page(name, *args):
    """The address of a screen of goods."""
    return reverse(f"admin:catalog_{name}", args=args)


def text(answer):
    """What a page says."""
    return answer.content.decode()


def formset(prefix, *rows, initial=0):
    """Rows below a form as a browser sends them."""
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def product_form(category, **values):
    """A product as it is typed in."""
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


def sku_row(sku, **values):
    """A SKU's row below its product, at ¥100 of ¥120."""
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
    """Send a product's page with these rows of SKUs and values typed."""
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
