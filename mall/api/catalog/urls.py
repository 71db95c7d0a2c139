"""Routes of catalog/."""

from django.urls import path

from mall.api.catalog.films import ShortVideos
from mall.api.catalog.home import Home, Topic, Topics
from mall.api.catalog.landing import Landing
from mall.api.catalog.products import OneProduct, Products, Recommendations
from mall.api.catalog.searching import Facets, HotWords, Suggestions
from mall.api.catalog.tree import Brands, Categories
from mall.api.voices.questions import Answers, Questions
from mall.api.voices.reviews import BuyerShows, ReviewLikes, Reviews

urlpatterns = [
    path("home/", Home.as_view(), name="home"),
    path("topics/", Topics.as_view(), name="topics"),
    path("topics/<slug:slug>/", Topic.as_view(), name="topic"),
    path("landings/<slug:slug>/", Landing.as_view(), name="landing"),
    path("categories/", Categories.as_view(), name="categories"),
    path("brands/", Brands.as_view(), name="brands"),
    path("suggestions/", Suggestions.as_view(), name="suggestions"),
    path("hot-words/", HotWords.as_view(), name="hot-words"),
    path("facets/", Facets.as_view(), name="facets"),
    path("products/", Products.as_view(), name="products"),
    path("products/<int:product_id>/", OneProduct.as_view(), name="product"),
    path("products/<int:product_id>/reviews/", Reviews.as_view(), name="product-reviews"),
    path("products/<int:product_id>/questions/", Questions.as_view(), name="product-questions"),
    path("questions/<int:question_id>/answers/", Answers.as_view(), name="question-answers"),
    path(
        "products/<int:product_id>/recommendations/",
        Recommendations.as_view(),
        name="product-recommendations",
    ),
    path("short-videos/", ShortVideos.as_view(), name="short-videos"),
    path("buyer-shows/", BuyerShows.as_view(), name="buyer-shows"),
    path("reviews/<int:review_id>/like/", ReviewLikes.as_view(), name="review-like"),
]
