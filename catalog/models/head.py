"""What a page says to search engines in the words of its operator. Source: requirement C-51."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import refuse_unsafe_text

HEAD_WORDS = (
    "meta_keywords_zh",
    "meta_keywords_en",
    "meta_description_zh",
    "meta_description_en",
)
LEFT_EMPTY = _("Empty: the page says it in its usual words.")


class HeadWords(models.Model):
    """Key words and description in the head of the page of a category, a brand or a product."""

    meta_keywords_zh = models.CharField(
        _("key words for search engines (Chinese)"),
        max_length=100,
        blank=True,
        default="",
        db_default="",
        validators=[refuse_unsafe_text],
        help_text=_("Separated by commas."),
    )
    meta_keywords_en = models.CharField(
        _("key words for search engines (English)"),
        max_length=160,
        blank=True,
        default="",
        db_default="",
        validators=[refuse_unsafe_text],
        help_text=_("Separated by commas."),
    )
    meta_description_zh = models.CharField(
        _("description for search engines (Chinese)"),
        max_length=120,
        blank=True,
        default="",
        db_default="",
        validators=[refuse_unsafe_text],
        help_text=LEFT_EMPTY,
    )
    meta_description_en = models.CharField(
        _("description for search engines (English)"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        validators=[refuse_unsafe_text],
        help_text=LEFT_EMPTY,
    )

    class Meta:
        abstract = True
