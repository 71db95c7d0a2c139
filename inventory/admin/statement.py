"""Statements of suppliers: drawn, confirmed, paid, exported; the amounts they are made of. I-42."""

from datetime import date
from functools import partial
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from openpyxl import Workbook
from unfold.decorators import action, display

from inventory import services
from inventory.admin.papers import PaperAdmin
from inventory.admin.supplier import deed_of
from inventory.admin.supply_forms import PaidForm, StatementForm
from inventory.models import SupplierCharge, SupplierStatement, SupplierStatementLine
from mall.kernel import clock
from mall.kernel.admin import (
    ReadOnlyAdmin,
    ReadOnlyInline,
    VerbPage,
    csv_response,
    safe_cell,
    whether,
)
from mall.kernel.money import yuan

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class StatementLineInline(ReadOnlyInline):
    """The amounts of the month."""

    model = SupplierStatementLine
    fields = readonly_fields = ("at", "kind", "reference", "amount")
    per_page = 100

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("charge").order_by("pk")

    @admin.display(description=_("at"))
    def at(self, line: SupplierStatementLine) -> str:
        return date_format(localtime(line.charge.at), "DATETIME_FORMAT")

    @admin.display(description=_("kind"))
    def kind(self, line: SupplierStatementLine) -> str:
        return line.charge.get_kind_display()

    @admin.display(description=_("reference"))
    def reference(self, line: SupplierStatementLine) -> str:
        return line.charge.reference

    @admin.display(description=_("amount"))
    def amount(self, line: SupplierStatementLine) -> str:
        return yuan(line.charge.amount_fen)


@admin.register(SupplierStatement)
class SupplierStatementAdmin(PaperAdmin):
    """One row a supplier and month; frozen once it is confirmed."""

    list_display = (
        "number",
        "supplier",
        "month_in_digits",
        "state",
        "cost_fen",
        "deducted_fen",
        "payable_fen",
        "due_on",
        "paid_at",
    )
    list_filter = ("status", "month", "supplier")
    list_select_related = ("supplier",)
    search_fields = ("=number", "supplier__title_zh", "=supplier__code")
    inlines = (StatementLineInline,)
    actions_list = ("draw",)
    actions_detail = ("confirm", "pay", "as_csv", "as_xlsx")
    offers = {
        SupplierStatement.Status.DRAFT: ("confirm",),
        SupplierStatement.Status.CONFIRMED: ("pay",),
    }

    def has_draw_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self._may(request, "add_supplierstatement")

    def has_confirm_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self._may(request, "confirm_supplierstatement")

    def has_pay_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self._may(request, "pay_supplierstatement")

    @admin.display(description=_("month"), ordering="month")
    def month_in_digits(self, statement: SupplierStatement) -> str:
        return f"{statement.month:%Y-%m}"

    @display(
        description=_("status"),
        ordering="status",
        label={"draft": "info", "confirmed": "warning", "paid": "success"},
    )
    def state(self, statement: SupplierStatement) -> tuple[str, str]:
        return statement.status, statement.get_status_display()

    @action(description=_("Draw a statement"), permissions=["draw"], url_path="draw", icon="add")
    def draw(self, request: HttpRequest) -> HttpResponse:
        """A month that is over; its draft is drawn anew."""

        def run(typed: Any) -> None:
            services.draw_statement(
                supplier_id=typed["supplier"].pk,
                month=date.fromisoformat(f"{typed['month']}-01"),
                **deed_of(request),
            )

        page = VerbPage(
            title=_("Draw a statement"),
            form_class=StatementForm,
            run=run,
            done=_("The statement is drawn; a month without amounts has none."),
            back=self._list_url(),
            button=_("Draw a statement"),
        )
        return page.answer(request, self)

    @action(description=_("Confirm"), permissions=["confirm"], icon="verified")
    def confirm(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Both sides agree; from now on it never changes."""
        statement = self._one(request, object_id)
        deed = partial(services.confirm_statement, statement_id=statement.pk, **deed_of(request))
        return self._ask(request, statement, forms.Form, lambda _typed: deed(), _("Confirm"))

    @action(description=pgettext_lazy("button", "Paid"), permissions=["pay"], icon="payments")
    def pay(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The money has gone."""
        statement = self._one(request, object_id)
        deed = partial(services.pay_statement, statement_id=statement.pk, **deed_of(request))
        return self._ask(
            request,
            statement,
            PaidForm,
            lambda typed: deed(bank_reference=typed["bank_reference"]),
            pgettext_lazy("button", "Paid"),
        )

    @action(description=_("As CSV"), icon="download")
    def as_csv(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For a spreadsheet."""
        statement = self._one(request, object_id)
        return csv_response(f"{statement.number}.csv", *_sheet(statement))

    @action(description=_("As XLSX"), icon="table_view")
    def as_xlsx(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For Excel."""
        statement = self._one(request, object_id)
        header, rows = _sheet(statement)
        book = Workbook(write_only=True)
        page = book.create_sheet(statement.number)
        for row in (header, *rows):
            page.append([safe_cell(cell) for cell in row])
        file = BytesIO()
        book.save(file)
        response = HttpResponse(file.getvalue(), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{statement.number}.xlsx"'
        return response

    def _one(self, request: HttpRequest, object_id: str) -> SupplierStatement:
        return get_object_or_404(self.get_queryset(request), pk=object_id)


def _sheet(statement: SupplierStatement) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of an export, the sums last; yuan in two columns, none with a sign."""
    header = [
        _text("day"),
        _text("kind"),
        _text("reference"),
        _text("owed (yuan)"),
        _text("deducted (yuan)"),
    ]
    lines = statement.lines.select_related("charge").order_by("charge__at", "pk")
    rows = [
        [
            clock.day_of(line.charge.at).isoformat(),
            line.charge.get_kind_display(),
            line.charge.reference,
            *_columns(line.charge.amount_fen),
        ]
        for line in lines
    ]
    sums = ["", _text("sum"), "", _plain(statement.cost_fen), _plain(statement.deducted_fen)]
    payable = ["", _text("payable"), statement.number, *_columns(statement.payable_fen)]
    return header, [*rows, sums, payable]


def _columns(amount_fen: int) -> tuple[str, str]:
    """Owed or deducted."""
    return (_plain(amount_fen), "") if amount_fen >= 0 else ("", _plain(-amount_fen))


def _plain(fen: int) -> str:
    """Plain digits, which a spreadsheet can add."""
    return f"{fen // 100}.{fen % 100:02d}"


@admin.register(SupplierCharge)
class SupplierChargeAdmin(ReadOnlyAdmin):
    """Every amount between a supplier and us, and the statement it stands on."""

    list_display = ("at", "supplier", "kind", "reference", "amount_fen", "statement")
    list_filter = (
        "kind",
        "supplier",
        whether(
            "statement_line",
            pgettext_lazy("filter", "settlement statement"),
            there=pgettext_lazy("filter", "on a statement"),
            lacking=pgettext_lazy("filter", "on none yet"),
        ),
    )
    list_select_related = ("supplier", "statement_line__statement")
    search_fields = ("=reference", "=supplier__code")
    date_hierarchy = "at"
    ordering = ("-pk",)

    @admin.display(description=_("settlement statement"))
    def statement(self, charge: SupplierCharge) -> str:
        line = getattr(charge, "statement_line", None)
        return line.statement.number if line else "-"
