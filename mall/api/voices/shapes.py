"""Reviews, buyer shows and questions as the schema shows them; the dicts come from
orders.presenting."""

from rest_framework import serializers

from mall.api.catalog.shapes import CardShape, ImageShape
from mall.api.fields import InstantField


class ReviewVideoShape(serializers.Serializer):
    url = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    seconds = serializers.IntegerField()


class AppendedShape(serializers.Serializer):
    text = serializers.CharField()
    written_at = InstantField()
    images = ImageShape(many=True)
    video = ReviewVideoShape(allow_null=True)


class ReplyShape(serializers.Serializer):
    text = serializers.CharField()
    written_at = InstantField()


class ReviewShape(serializers.Serializer):
    id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    rating = serializers.IntegerField()
    text = serializers.CharField()
    nickname = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    written_at = InstantField()
    is_featured = serializers.BooleanField()
    likes_count = serializers.IntegerField()
    images = ImageShape(many=True)
    video = ReviewVideoShape(allow_null=True)
    append = AppendedShape(allow_null=True)
    reply = ReplyShape(allow_null=True)


class WrittenReviewShape(ReviewShape):
    is_shown = serializers.BooleanField(help_text="False while a person has to read it first.")


class AddedShape(serializers.Serializer):
    text = serializers.CharField()
    written_at = InstantField()
    is_shown = serializers.BooleanField(help_text="False while a person has to read it first.")


class ShowShape(ReviewShape):
    product = CardShape()


class LikesShape(serializers.Serializer):
    likes_count = serializers.IntegerField()


class AnswerShape(serializers.Serializer):
    id = serializers.IntegerField()
    text = serializers.CharField()
    by = serializers.ChoiceField(choices=["shop", "buyer"])
    nickname = serializers.CharField(allow_null=True)
    answered_at = InstantField()


class QuestionShape(serializers.Serializer):
    id = serializers.IntegerField()
    text = serializers.CharField()
    nickname = serializers.CharField()
    asked_at = InstantField()
    is_faq = serializers.BooleanField()
    answers = AnswerShape(many=True)


class AskedShape(QuestionShape):
    is_shown = serializers.BooleanField(help_text="False while a person has to read it first.")
