"""Routes of catalog/."""

from django.urls import path

from mall.api.catalog.home import Home
from mall.api.catalog.products import OneProduct, Products, Reviews
from mall.api.catalog.tree import Brands, Categories, Suggestions

urlpatterns = [
    path("home/", Home.as_view(), name="home"),
    path("categories/", Categories.as_view(), name="categories"),
    path("brands/", Brands.as_view(), name="brands"),
    path("suggestions/", Suggestions.as_view(), name="suggestions"),
    path("products/", Products.as_view(), name="products"),
    path("products/<int:product_id>/", OneProduct.as_view(), name="product"),
    path("products/<int:product_id>/reviews/", Reviews.as_view(), name="product-reviews"),
]
