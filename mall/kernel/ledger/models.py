"""Accounts, transactions and entries of the book."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import FenField


class LedgerAccount(models.Model):
    """A place where money can be."""

    code = models.CharField(_("code"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("ledger account")
        verbose_name_plural = _("ledger accounts")

    def __str__(self) -> str:
        return self.code


class LedgerTransaction(models.Model):
    """One thing that happened to money. Append-only."""

    kind = models.CharField(_("kind"), max_length=40)
    reference = models.CharField(_("reference"), max_length=64)
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("ledger transaction")
        verbose_name_plural = _("ledger transactions")
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="ledger_posted_once"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class LedgerEntry(models.Model):
    """Money into (positive) or out of (negative) one account. Append-only."""

    transaction = models.ForeignKey(
        LedgerTransaction,
        models.PROTECT,
        related_name="entries",
        verbose_name=_("ledger transaction"),
    )
    account = models.ForeignKey(
        LedgerAccount, models.PROTECT, related_name="entries", verbose_name=_("ledger account")
    )
    amount_fen = FenField(_("amount"), min_fen=None)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount_fen=0), name="ledger_entry_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount_fen}"
