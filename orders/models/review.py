"""What buyers say, once per received line (INV-29), and what they add once. Source: C-56..C-60,
C-73."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet, refuse_unsafe_text
from orders.models.question import SaidWords

MOST_PICTURES, MOST_VIDEOS = 9, 1


class Suspicion(models.TextChoices):
    """Why somebody's words wait for a person."""

    WORDS = "words", _("a banned word")
    DUPLICATE = "duplicate", _("the same text on many products")
    ONE_STAR = "one_star", _("gives one star only")
    BURST = "burst", _("many reviews in a short time")
    RIVAL = "rival", _("names a rival")
    NOT_BOUGHT = "not_bought", _("nothing was paid for it")


class ReviewQuerySet(LockableQuerySet):
    def shown(self) -> "ReviewQuerySet":
        """What shoppers may see."""
        return self.filter(is_shown=True)


class Review(SaidWords):
    """A buyer's words on one order line; its rating counts while it is shown."""

    Suspicion = Suspicion

    line = models.OneToOneField(
        "orders.OrderLine", models.PROTECT, related_name="review", verbose_name=_("order line")
    )
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, related_name="+", verbose_name=_("product")
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="reviews", verbose_name=_("member")
    )
    rating = models.PositiveSmallIntegerField(_("rating"))
    text = models.CharField(_("text"), max_length=500, validators=[refuse_unsafe_text])
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    suspicions = ArrayField(
        models.CharField(max_length=20, choices=Suspicion),
        verbose_name=_("held because of"),
        default=list,
        blank=True,
    )
    suspicion_points = models.PositiveSmallIntegerField(
        _("suspicion"), default=0, help_text=_("Points of all that speaks against it.")
    )
    text_digest = models.CharField(_("digest"), max_length=64, default="", editable=False)
    has_media = models.BooleanField(_("with pictures"), default=False)
    likes_count = models.PositiveIntegerField(_("likes"), default=0)
    is_featured = models.BooleanField(
        _("featured"), default=False, help_text=_("Stands first and is shown as a buyer show.")
    )
    featured_at = models.DateTimeField(_("featured at"), null=True, blank=True)
    reply = models.CharField(
        _("the shop's reply"), max_length=500, blank=True, validators=[refuse_unsafe_text]
    )
    replied_at = models.DateTimeField(_("replied at"), null=True, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("replied by"),
    )
    written_at = models.DateTimeField(_("written at"))

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        permissions = [("reward_review", _("Features reviews and gives their reward"))]
        indexes = [
            models.Index(fields=["product", "-written_at", "-id"], name="review_of_product"),
            models.Index(
                fields=["product", "-is_featured", "-written_at", "-id"], name="review_best_first"
            ),
            models.Index(fields=["member", "text_digest"], name="review_same_text"),
            models.Index(fields=["member", "-written_at"], name="review_of_member"),
            models.Index(
                fields=["-is_featured", "-written_at", "-id"],
                name="review_buyer_shows",
                condition=Q(is_shown=True, has_media=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(rating__range=(1, 5)), name="review_rating_1_to_5"),
            models.CheckConstraint(
                condition=Q(is_pending=False) | Q(is_shown=False), name="review_pending_is_unseen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating}: {self.text[:20]}"


class ReviewAppend(SaidWords):
    """What a buyer adds to a review later, once; it is let through or hidden by itself."""

    review = models.OneToOneField(
        Review, models.PROTECT, related_name="append", verbose_name=_("review")
    )
    text = models.CharField(_("text"), max_length=500, validators=[refuse_unsafe_text])
    suspicions = ArrayField(
        models.CharField(max_length=20, choices=Suspicion),
        verbose_name=_("held because of"),
        default=list,
        blank=True,
    )
    written_at = models.DateTimeField(_("written at"))

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("addition to a review")
        verbose_name_plural = _("additions to reviews")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_pending=False) | Q(is_shown=False), name="append_pending_is_unseen"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:20]


class ReviewPicture(models.Model):
    """A picture or the video of a review, or of what was added to it; each was sent in once."""

    review = models.ForeignKey(
        Review, models.PROTECT, related_name="pictures", verbose_name=_("review")
    )
    upload = models.OneToOneField(
        "orders.Upload", models.PROTECT, related_name="shown_in", verbose_name=_("sent-in picture")
    )
    is_appended = models.BooleanField(_("added later"), default=False)
    is_shown = models.BooleanField(_("shown"), default=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture of a review")
        verbose_name_plural = _("pictures of reviews")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.upload_id}"


class ReviewLike(models.Model):
    """A member likes a buyer's show; once."""

    review = models.ForeignKey(
        Review, models.CASCADE, related_name="likes", verbose_name=_("review")
    )
    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="+", verbose_name=_("member")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("like")
        verbose_name_plural = _("likes")
        constraints = [
            models.UniqueConstraint(fields=["review", "member"], name="review_like_once"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.member_id}"


class VoicesPolicy(models.Model):
    """When reviews wait for a person, and what a featured one is worth; one row."""

    hold_from_points = models.PositiveSmallIntegerField(
        _("held from"), default=60, help_text=_("Points of suspicion from which a review waits.")
    )
    same_text_products = models.PositiveSmallIntegerField(
        _("same text on"), default=5, help_text=_("Products by one account.")
    )
    one_star_reviews = models.PositiveSmallIntegerField(
        _("one-star account from"), default=3, help_text=_("Reviews, every one with one star.")
    )
    burst_reviews = models.PositiveSmallIntegerField(
        _("a burst is"), default=6, help_text=_("Reviews by one account within the minutes below.")
    )
    burst_minutes = models.PositiveSmallIntegerField(_("within minutes"), default=10)
    rival_words = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("rivals' words"),
        default=list,
        blank=True,
        help_text=_("Names of rivals and of their shops, separated by commas."),
    )
    reward_points = models.PositiveIntegerField(
        _("reward of a featured review"), default=50, help_text=_("Points, once a review.")
    )

    class Meta:
        verbose_name = _("rules of reviews")
        verbose_name_plural = _("rules of reviews")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="voices_policy_one_row"),
            models.CheckConstraint(
                condition=Q(
                    hold_from_points__gt=0,
                    same_text_products__gt=1,
                    one_star_reviews__gt=1,
                    burst_reviews__gt=1,
                    burst_minutes__gt=0,
                ),
                name="voices_policy_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
