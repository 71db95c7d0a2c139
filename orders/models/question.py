"""What shoppers ask about a product, and who answers. Source: requirement C-62."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import LockableQuerySet, refuse_unsafe_text


class SaidWords(models.Model):
    """Words of somebody outside: shown, or unseen until a person lets them through, or hidden."""

    is_shown = models.BooleanField(_("shown"), default=True)
    is_pending = models.BooleanField(
        _("waits for a person"),
        default=False,
        help_text=_("Unseen until somebody lets it through."),
    )
    hidden_reason = models.CharField(
        _("hidden because"), max_length=200, blank=True, validators=[refuse_unsafe_text]
    )

    class Meta:
        abstract = True


class Question(SaidWords):
    """One question of a member; the frequent ones are the product's FAQ."""

    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, related_name="+", verbose_name=_("product")
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="questions", verbose_name=_("member")
    )
    text = models.CharField(_("question"), max_length=200, validators=[refuse_unsafe_text])
    is_faq = models.BooleanField(_("frequent"), default=False)
    answers_count = models.PositiveIntegerField(_("answers"), default=0)
    asked_at = models.DateTimeField(_("asked at"))

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = [
            models.Index(fields=["product", "-asked_at", "-id"], name="question_of_product"),
            models.Index(
                fields=["-asked_at"], name="question_waiting", condition=Q(is_pending=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_pending=False) | Q(is_shown=False), name="question_pending_is_unseen"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:30]


class Answer(SaidWords):
    """One answer: by a member who bought the product, or by the shop."""

    question = models.ForeignKey(
        Question, models.PROTECT, related_name="answers", verbose_name=_("question")
    )
    member = models.ForeignKey(
        "members.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
        verbose_name=_("member"),
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("operator"),
    )
    text = models.CharField(
        pgettext_lazy("noun", "answer"), max_length=500, validators=[refuse_unsafe_text]
    )
    answered_at = models.DateTimeField(_("answered at"))

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("noun", "answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_pending=False) | Q(is_shown=False), name="answer_pending_is_unseen"
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=False, actor__isnull=True)
                | Q(member__isnull=True, actor__isnull=False),
                name="answer_by_a_buyer_or_the_shop",
            ),
            models.UniqueConstraint(
                fields=["question", "member"],
                condition=Q(member__isnull=False),
                name="answer_once_a_buyer",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:30]


class ProductBuyer(models.Model):
    """A member who bought a product; ``is_counted`` while pieces of it are paid and kept (C-09)."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="+", verbose_name=_("product")
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="+", verbose_name=_("member")
    )
    is_counted = models.BooleanField(_("counted"), default=False)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("buyer of a product")
        verbose_name_plural = _("buyers of products")
        constraints = [
            models.UniqueConstraint(fields=["product", "member"], name="product_buyer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.member_id}"
