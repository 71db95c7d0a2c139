"""The catalogue's answers as the schema shows them; the dicts come from catalog.presenting."""

from typing import Any

from rest_framework import serializers

from mall.api.arrival import ArrivalShape
from mall.api.choices import BLOCK_KINDS, CERTIFICATE_KINDS, DETAIL_KINDS
from mall.api.fields import InstantField


class ImageShape(serializers.Serializer):
    url = serializers.CharField()
    srcset = serializers.CharField()
    srcset_avif = serializers.CharField(allow_blank=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    alt = serializers.CharField()


class BadgeShape(serializers.Serializer):
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class RatingShape(serializers.Serializer):
    average_x10 = serializers.IntegerField()
    count = serializers.IntegerField()


class NamedShape(serializers.Serializer):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()


class CategoryShape(NamedShape):
    icon = serializers.CharField()
    level = serializers.IntegerField()
    children = serializers.ListField(child=serializers.DictField(), help_text="Categories again.")


class SuggestionShape(NamedShape):
    kind = serializers.ChoiceField(["query", "category", "brand", "product"])


class HotWordShape(serializers.Serializer):
    word = serializers.CharField()


class FacetChoiceShape(serializers.Serializer):
    value = serializers.CharField(help_text="What the filter of this name takes.")
    name = serializers.CharField()
    count = serializers.IntegerField()


class PriceRangeShape(serializers.Serializer):
    price_min_fen = serializers.IntegerField(allow_null=True)
    price_max_fen = serializers.IntegerField(allow_null=True)
    count = serializers.IntegerField()


class FacetAttributeShape(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    choices = FacetChoiceShape(many=True)


class FacetsShape(serializers.Serializer):
    total = serializers.IntegerField(help_text="Exact up to 5,000.")
    total_is_more = serializers.BooleanField(help_text="There are more than `total`.")
    counts_are_least = serializers.BooleanField(help_text="Choices leave at least so many.")
    categories = FacetChoiceShape(many=True)
    brands = FacetChoiceShape(many=True)
    prices = PriceRangeShape(many=True)
    attributes = FacetAttributeShape(many=True)
    in_stock = serializers.IntegerField()


class CardShape(serializers.Serializer):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    subtitle = serializers.CharField()
    image = ImageShape(allow_null=True)
    price_fen = serializers.IntegerField()
    price_to_fen = serializers.IntegerField()
    list_price_fen = serializers.IntegerField()
    is_list_price_suggested = serializers.BooleanField()
    badges = BadgeShape(many=True)
    sales_count = serializers.IntegerField()
    buyers_count = serializers.IntegerField(help_text="Members who bought and kept it.")
    rating = RatingShape()
    in_stock = serializers.BooleanField()


class CardPageShape(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CardShape(many=True)


class BundlePartShape(serializers.Serializer):
    sku_id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    title = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    image = ImageShape(allow_null=True)
    quantity = serializers.IntegerField(help_text="Pieces in each bundle.")


class SkuShape(serializers.Serializer):
    id = serializers.IntegerField()
    code = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    option_codes = serializers.DictField(child=serializers.CharField())
    price_fen = serializers.IntegerField()
    list_price_fen = serializers.IntegerField()
    is_list_price_suggested = serializers.BooleanField()
    available = serializers.IntegerField()
    image = ImageShape(allow_null=True)
    parts = BundlePartShape(many=True, help_text="What a bundle is made of; else empty.")


class OptionValueShape(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class OptionShape(OptionValueShape):
    values = OptionValueShape(many=True)


class AttributeShape(OptionValueShape):
    value = serializers.CharField()


class VideoShape(serializers.Serializer):
    url = serializers.CharField()
    poster = ImageShape(allow_null=True)
    seconds = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    title = serializers.CharField()


class ParameterShape(serializers.Serializer):
    name = serializers.CharField()
    value = serializers.CharField()


class FaqShape(serializers.Serializer):
    question = serializers.CharField()
    answer = serializers.CharField()


class PaperShape(serializers.Serializer):
    kind = serializers.ChoiceField(choices=CERTIFICATE_KINDS)
    kind_label = serializers.CharField()
    number = serializers.CharField()
    agency = serializers.CharField()
    starts_on = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)
    url = serializers.CharField()


class BlockShape(serializers.Serializer):
    """A detail block; what it has after ``image`` goes with its kind."""

    kind = serializers.ChoiceField(choices=DETAIL_KINDS)
    title = serializers.CharField()
    text = serializers.CharField()
    image = ImageShape(allow_null=True)
    head = serializers.ListField(child=serializers.CharField(), required=False)
    rows = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), required=False
    )
    parameters = ParameterShape(many=True, required=False)
    questions = FaqShape(many=True, required=False)
    frames = ImageShape(many=True, required=False)
    video = VideoShape(allow_null=True, required=False)
    papers = PaperShape(many=True, required=False)
    sales_count = serializers.IntegerField(required=False)
    buyers_count = serializers.IntegerField(required=False)
    reviews_count = serializers.IntegerField(required=False)


class OfferShape(serializers.Serializer):
    kind = serializers.CharField()
    id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    starts_at = InstantField()
    ends_at = InstantField(allow_null=True)


class AnnouncementShape(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    link = serializers.CharField()


class ContentBlockShape(serializers.Serializer):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=BLOCK_KINDS)
    title = serializers.CharField(required=False)

    def to_representation(self, instance: Any) -> Any:
        """The block as it is: what more it has goes with its kind (docs/content.md)."""
        return instance


class ContentPageShape(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    version = serializers.IntegerField(help_text="0: nobody has arranged the page yet.")
    blocks = ContentBlockShape(many=True)
    server_time = InstantField()


class HomeShape(ContentPageShape):
    announcements = AnnouncementShape(many=True)
    hot_words = serializers.ListField(child=serializers.CharField())
    categories = CategoryShape(many=True)


class TopicShape(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    image = ImageShape(allow_null=True)


class ProductShape(CardShape):
    arrival = ArrivalShape(allow_null=True)
    is_sold_there = serializers.BooleanField()
    brand = NamedShape(allow_null=True)
    categories = NamedShape(many=True)
    options = OptionShape(many=True)
    skus = SkuShape(many=True)
    attributes = AttributeShape(many=True)
    blocks = BlockShape(many=True)
    video = VideoShape(allow_null=True)
    offers = OfferShape(many=True)
    media = ImageShape(many=True)
    favourites_count = serializers.IntegerField(help_text="Members who keep it in mind.")
    server_time = InstantField()
