"""The shop's own words, as search knows them. Source: requirements C-52, C-54."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

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
