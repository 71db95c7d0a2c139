"""Imported order histories: which file, how many rows, when."""

from django.contrib import admin

from mall.kernel.admin import ReadOnlyAdmin
from orders.models import ImportBatch


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    """One row a file."""

    list_display = ("file_name", "rows", "rate_fen", "started_at", "finished_at")
    search_fields = ("file_name", "=sha256")
    ordering = ("-started_at",)
