"""The shop's own words, and what shoppers searched for. Source: requirements C-52 to C-55."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LONGEST_WORD = 40


class SearchWord(models.Model):
    """A word that stands on goods, with the keys under which a misspelling of it is found.

    ``catalog.services.index_products`` keeps them; ``catalog.search.keys_of`` says what keys are.
    """

    word = models.CharField(_("word"), max_length=LONGEST_WORD, unique=True)
    keys = ArrayField(models.CharField(max_length=120), verbose_name=_("keys"))

    class Meta:
        verbose_name = _("word of the shop")
        verbose_name_plural = _("words of the shop")
        indexes = [GinIndex(fields=["keys"], name="search_word_by_key")]

    def __str__(self) -> str:
        return self.word


class SearchLog(models.Model):
    """One search of the shop: what was asked, how much came, and what was opened. Nobody's name."""

    query = models.CharField(pgettext_lazy("search", "words"), max_length=100)
    found = models.PositiveIntegerField(
        _("goods on the first page"), help_text=_("0: the shop had no answer.")
    )
    at = models.DateTimeField(_("at"))
    clicked = models.ForeignKey(
        "catalog.Product",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("opened product"),
    )

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        indexes = [
            models.Index(fields=["at"], name="search_log_by_time"),
            models.Index(fields=["query", "at"], name="search_log_by_query"),
            models.Index(
                fields=["at"], condition=models.Q(found=0), name="search_log_without_answer"
            ),
        ]

    def __str__(self) -> str:
        return self.query
