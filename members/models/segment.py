"""Groups of members. analytics fills them, everybody reads them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import SafeJSONField
from mall.kernel.words import localized


class Segment(models.Model):
    """A named group of members and the rule it is filled by."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    rule = SafeJSONField(_("rule"), default=dict, blank=True)
    filled_at = models.DateTimeField(_("filled at"), null=True, blank=True)
    size = models.PositiveIntegerField(_("members"), default=0)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")

    def __str__(self) -> str:
        return localized(self, "title")


class SegmentMember(models.Model):
    """One member in one segment."""

    segment = models.ForeignKey(
        Segment, models.CASCADE, related_name="memberships", verbose_name=_("segment")
    )
    member = models.ForeignKey(
        "members.Member",
        models.CASCADE,
        related_name="segment_memberships",
        verbose_name=_("member"),
    )

    class Meta:
        verbose_name = _("segment member")
        verbose_name_plural = _("segment members")
        constraints = [
            models.UniqueConstraint(fields=["segment", "member"], name="segment_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.segment_id}: {self.member_id}"
