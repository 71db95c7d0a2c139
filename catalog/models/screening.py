"""Words that operators add to the screen, or take off it. Source: requirement C-37."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import refuse_unsafe_text


class ScreeningTerm(models.Model):
    """A word of the shop's own, or its say on one of the house: milder, stricter, not at all."""

    class TermClass(models.TextChoices):
        MEDICAL = "medical", _("medical claim")
        ABSOLUTE = "absolute", _("superlative")
        OTHER = "other", pgettext_lazy("class of words", "other")

    class Severity(models.TextChoices):
        BLOCK = "block", _("blocks")
        WARN = "warn", _("warns")

    word = models.CharField(_("word"), max_length=40, unique=True, validators=[refuse_unsafe_text])
    term_class = models.CharField(
        pgettext_lazy("of words", "class"),
        max_length=10,
        choices=TermClass,
        default=TermClass.OTHER,
    )
    severity = models.CharField(
        _("in detail texts"), max_length=10, choices=Severity, default=Severity.BLOCK
    )
    blocks_titles = models.BooleanField(
        _("blocks in titles"),
        default=True,
        help_text=_("Titles of goods, coupons and campaigns; reviews."),
    )
    is_active = models.BooleanField(
        pgettext_lazy("switch", "used"),
        default=True,
        help_text=_("Switched off, the word is not looked for, though the house knows it."),
    )
    note = models.CharField(_("note"), max_length=120, blank=True, validators=[refuse_unsafe_text])

    class Meta:
        verbose_name = _("screened word")
        verbose_name_plural = _("screened words")
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word


class ScreeningPhrase(models.Model):
    """A registered brand or a fixed phrase, inside which no word is a hit: 完美日记."""

    class Kind(models.TextChoices):
        BRAND = "brand", _("registered brand")
        PHRASE = "phrase", _("fixed phrase")

    phrase = models.CharField(
        _("phrase"), max_length=60, unique=True, validators=[refuse_unsafe_text]
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PHRASE)
    is_active = models.BooleanField(pgettext_lazy("switch", "used"), default=True)
    note = models.CharField(
        _("note"),
        max_length=120,
        blank=True,
        validators=[refuse_unsafe_text],
        help_text=_("The number of the trade mark, or why it is no claim."),
    )

    class Meta:
        verbose_name = _("allowed phrase")
        verbose_name_plural = _("allowed phrases")
        ordering = ["phrase"]

    def __str__(self) -> str:
        return self.phrase
