"""The shop's own words as search knows them, and what shoppers made of them: what was searched,
what was opened from the results, what found nothing.

Nothing here names a person: a session is a hash that changes every day. Source: C-52..C-55.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LONGEST_WORD = 40
LONGEST_QUERY = 100
LONGEST_FORM = 40
KEY_LENGTH = 12
SESSION_LENGTH = 16


class SearchWord(models.Model):
    """A word that stands on goods, with the keys under which a misspelling of it is found.

    ``catalog.services.index_products`` keeps them; ``catalog.search.keys_of`` says what keys are.
    """

    word = models.CharField(_("word"), max_length=LONGEST_WORD, unique=True)
    keys = ArrayField(models.CharField(max_length=120), verbose_name=_("keys"))
    is_own = models.BooleanField(
        _("by an operator"),
        default=False,
        editable=False,
        help_text=_("Kept by hand, also when it stands on no product."),
    )

    class Meta:
        verbose_name = _("word of the shop")
        verbose_name_plural = _("words of the shop")
        indexes = [GinIndex(fields=["keys"], name="search_word_by_key")]

    def __str__(self) -> str:
        return self.word


class SearchPolicy(models.Model):
    """How long searches are remembered, and what makes a word hot: one row."""

    retention_days = models.PositiveSmallIntegerField(
        _("days kept"),
        default=90,
        validators=[MinValueValidator(7), MaxValueValidator(730)],
        help_text=_("Searches and clicks older than this are deleted."),
    )
    hot_days = models.PositiveSmallIntegerField(
        _("days of hot words"), default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    hot_searches = models.PositiveSmallIntegerField(
        _("searches to be hot"),
        default=5,
        validators=[MinValueValidator(1)],
        help_text=_("So often at least within these days, with something found."),
    )
    hot_sessions = models.PositiveSmallIntegerField(
        _("visitors to be hot"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("By so many different visitors at least; raise it when somebody cheats."),
    )

    class Meta:
        verbose_name = _("search policy")
        verbose_name_plural = _("search policy")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="search_policy_one_row")]

    def __str__(self) -> str:
        return str(_("search policy"))


class SearchLog(models.Model):
    """One search, written in bulk from a buffer; ``found`` is exact up to 5,000."""

    at = models.DateTimeField(_("at"))
    key = models.CharField(_("key"), max_length=KEY_LENGTH)
    query = models.CharField(_("query"), max_length=LONGEST_QUERY)
    words = ArrayField(
        models.CharField(max_length=LONGEST_QUERY), verbose_name=_("words"), default=list
    )
    found = models.PositiveIntegerField(pgettext_lazy("search", "found"))
    corrected = models.CharField(_("corrected to"), max_length=LONGEST_QUERY, blank=True)
    language = models.CharField(_("language"), max_length=10)
    session = models.CharField(_("visitor"), max_length=SESSION_LENGTH)

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("search log")
        indexes = [
            models.Index(fields=["at"], name="search_log_by_time"),
            models.Index(fields=["query", "at"], name="search_log_by_query"),
            models.Index(fields=["session", "at"], name="search_log_by_session"),
        ]

    def __str__(self) -> str:
        return self.query


class SearchClick(models.Model):
    """A product that was opened from the results of a search, and where it stood."""

    at = models.DateTimeField(_("at"))
    key = models.CharField(_("key"), max_length=KEY_LENGTH)
    session = models.CharField(_("visitor"), max_length=SESSION_LENGTH)
    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="+", verbose_name=_("product")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("click on a result")
        verbose_name_plural = _("clicks on results")
        indexes = [
            models.Index(fields=["at"], name="search_click_by_time"),
            models.Index(fields=["key", "session"], name="search_click_by_key"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.product_id}"


class SearchPhrase(models.Model):
    """What may be suggested while somebody types: a popular search, a category, a brand.

    ``prefixes`` are the beginnings of its words, of their sound and of their initials.
    """

    class Kind(models.TextChoices):
        QUERY = "query", _("search")
        CATEGORY = "category", _("category")
        BRAND = "brand", _("brand")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    language = models.CharField(_("language"), max_length=10, blank=True)
    ref = models.BigIntegerField(_("refers to"), default=0)
    text = models.CharField(_("text"), max_length=LONGEST_QUERY)
    text_en = models.CharField(_("text (English)"), max_length=LONGEST_QUERY, blank=True)
    slug = models.CharField(pgettext_lazy("URL", "address"), max_length=80, blank=True)
    searches = models.PositiveIntegerField(_("searches"), default=0)
    sessions = models.PositiveIntegerField(_("visitors"), default=0)
    prefixes = ArrayField(models.CharField(max_length=LONGEST_FORM), default=list)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        indexes = [
            GinIndex(fields=["prefixes"], name="search_phrase_by_prefix"),
            models.Index(
                fields=["language", "-sessions", "-searches"],
                condition=Q(kind="query"),
                name="search_phrase_hot",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language", "ref", "text"], name="search_phrase_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class SearchBan(models.Model):
    """A word that is never hot and never suggested, whatever shoppers search."""

    word = models.CharField(_("word"), max_length=LONGEST_WORD, unique=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("banned hot word")
        verbose_name_plural = _("banned hot words")

    def __str__(self) -> str:
        return self.word


class SearchGap(models.Model):
    """A query that found nothing: a synonym that is missing, or goods that the shop lacks."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("search", "open")
        SOLVED = "solved", _("finds something now")
        IGNORED = "ignored", _("ignored")

    query = models.CharField(_("query"), max_length=LONGEST_QUERY, unique=True)
    times = models.PositiveIntegerField(_("times"), default=0)
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)

    class Meta:
        verbose_name = _("search without result")
        verbose_name_plural = _("searches without result")
        indexes = [models.Index(fields=["state", "-times"], name="search_gap_by_times")]

    def __str__(self) -> str:
        return self.query


class SynonymProposal(models.Model):
    """Shoppers found nothing under one query and opened a result of the other soon after."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("search", "open")
        ACCEPTED = "accepted", pgettext_lazy("search", "accepted")
        DISMISSED = "dismissed", _("dismissed")

    query = models.CharField(_("found nothing"), max_length=LONGEST_QUERY)
    other = models.CharField(_("opened under"), max_length=LONGEST_QUERY)
    sessions = models.PositiveIntegerField(_("visitors"), default=0)
    last_at = models.DateTimeField(_("last"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    class Meta:
        verbose_name = _("proposed synonym")
        verbose_name_plural = _("proposed synonyms")
        permissions = [("decide_synonym", _("Can accept and dismiss proposed synonyms"))]
        constraints = [
            models.UniqueConstraint(fields=["query", "other"], name="synonym_proposal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.query} = {self.other}"
