"""Routes of catalog/."""

from django.urls import path

from mall.api.catalog.products import OneProduct, Products
from mall.api.catalog.tree import Brands, Categories, Suggestions

urlpatterns = [
    path("categories/", Categories.as_view(), name="categories"),
    path("brands/", Brands.as_view(), name="brands"),
    path("suggestions/", Suggestions.as_view(), name="suggestions"),
    path("products/", Products.as_view(), name="products"),
    path("products/<int:product_id>/", OneProduct.as_view(), name="product"),
]
