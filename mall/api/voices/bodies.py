"""What buyers send when they say something: strict, bounded."""

from typing import Any

from rest_framework import serializers

from mall.api.base import StrictSerializer
from mall.api.fields import ChoiceField, IdField, StrictBooleanField, StrictIntegerField, TextField
from orders.models import MOST_PICTURES, MOST_VIDEOS
from orders.selectors import ADDED, PICTURES

MOST_FILES = MOST_PICTURES + MOST_VIDEOS


class UploadIdsField(serializers.ListField):
    """Own sent-in pictures and one video, in order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=IdField(), max_length=MOST_FILES, **kwargs)


class ReviewBody(StrictSerializer):
    rating = StrictIntegerField(min_value=1, max_value=5)
    text = TextField(max_length=500)
    anonymous = StrictBooleanField(required=False)
    upload_ids = UploadIdsField(required=False)


class AppendBody(StrictSerializer):
    text = TextField(max_length=500)
    upload_ids = UploadIdsField(required=False)


class QuestionBody(StrictSerializer):
    text = TextField(max_length=200)


class AnswerBody(StrictSerializer):
    text = TextField(max_length=500)


class ReviewQuery(serializers.Serializer):
    """What reviews are narrowed to; unknown names are ignored."""

    rating = serializers.IntegerField(min_value=1, max_value=5, required=False)
    only = ChoiceField(choices=[PICTURES, ADDED], required=False)
