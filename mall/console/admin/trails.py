"""Who did what, and where the money went: append-only, to look at."""

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter

from mall.console.admin.filters import RoomFilter, VerbFilter
from mall.console.audit_facts import NOTHING, changes_of, kind_of, target_in_words
from mall.console.audit_words import verb_in_words, verbs_like
from mall.console.ledger_words import account_in_words, kind_in_words
from mall.kernel.admin import ReadOnlyAdmin, ReadOnlyInline
from mall.kernel.audit.models import AuditEntry
from mall.kernel.ledger.models import LedgerEntry, LedgerTransaction
from mall.kernel.money import yuan


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """The audit trail (INV-30): who did what to which thing, in words."""

    list_display = ("at", "who", "deed", "target", "reason")
    list_filter = (VerbFilter, RoomFilter, ("at", RangeDateFilter))
    list_filter_submit = True
    list_select_related = ("actor",)
    search_fields = ("verb", "=target_id", "actor__username")
    search_help_text = _("What was done, the number of the thing, or who did it")
    ordering = ("-at", "-pk")
    fields = ("at", "who", "deed", "target", "reason", "changes")
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        """What was done is found by its words too."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        verbs = verbs_like(search_term.strip()) if search_term.strip() else []
        return (found | queryset.filter(verb__in=verbs) if verbs else found), may_repeat

    @admin.display(description=_("who"), ordering="actor")
    def who(self, entry: AuditEntry) -> str:
        return str(entry.actor) if entry.actor else str(_("the system"))

    @admin.display(description=_("what"), ordering="verb")
    def deed(self, entry: AuditEntry) -> str:
        return verb_in_words(entry.verb)

    @admin.display(description=_("on what"))
    def target(self, entry: AuditEntry) -> SafeString | str:
        """The thing by its kind and number; a link where it has a screen."""
        words = target_in_words(entry.target_type, entry.target_id)
        kind = kind_of(entry.target_type)
        if kind is None or not admin.site.is_registered(kind):
            return words
        route = f"admin:{kind._meta.app_label}_{kind._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(route, args=[entry.target_id]), words)

    @admin.display(description=_("changes"))
    def changes(self, entry: AuditEntry) -> SafeString | str:
        facts = changes_of(entry.target_type, entry.before, entry.after)
        return format_html_join("\n", '<p class="change"><b>{}</b> {}</p>', facts) or NOTHING


class LedgerEntryInline(ReadOnlyInline):
    """What each account got or gave."""

    model = LedgerEntry
    fields = ("account_words", "yuan")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[LedgerEntry]:
        return super().get_queryset(request).select_related("account").order_by("-amount_fen", "pk")

    @admin.display(description=_("account"))
    def account_words(self, entry: LedgerEntry) -> str:
        return account_in_words(entry.account.code)

    @admin.display(description=_("amount (yuan)"))
    def yuan(self, entry: LedgerEntry) -> str:
        return yuan(entry.amount_fen)


@admin.register(LedgerTransaction)
class LedgerTransactionAdmin(ReadOnlyAdmin):
    """The double-entry book."""

    list_display = ("at", "kind_words", "reference", "turned", "accounts")
    list_filter = (("at", RangeDateFilter),)
    list_filter_submit = True
    search_fields = ("=reference", "=kind", "=entries__account__code")
    search_help_text = _("Reference, kind or account")
    ordering = ("-at", "-pk")
    fields = ("at", "kind_words", "reference")
    readonly_fields = fields
    inlines = (LedgerEntryInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LedgerTransaction]:
        entries = LedgerEntry.objects.select_related("account").order_by("-amount_fen", "pk")
        return super().get_queryset(request).prefetch_related(Prefetch("entries", entries))

    @admin.display(description=_("kind"), ordering="kind")
    def kind_words(self, row: LedgerTransaction) -> str:
        return kind_in_words(row.kind)

    @admin.display(description=_("amount (yuan)"))
    def turned(self, row: LedgerTransaction) -> str:
        return yuan(sum(max(0, entry.amount_fen) for entry in row.entries.all()))

    @admin.display(description=_("accounts"))
    def accounts(self, row: LedgerTransaction) -> str:
        entries = row.entries.all()
        return ", ".join(
            f"{account_in_words(e.account.code)} {yuan(e.amount_fen)}" for e in entries
        )
