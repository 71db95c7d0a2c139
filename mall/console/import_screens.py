"""Goods by file: taken in, watched, stopped, and given out again. Source: requirement C-50."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.widgets import UnfoldAdminFileFieldWidget

from catalog import services
from catalog.models import ImportJob, ImportRow
from catalog.selectors import category_choices
from inventory.models import Warehouse
from mall.console.goods_export import COST, KINDS, STOCK, export_file
from mall.console.import_jobs import BOOKS_STOCK, CORRECT_STOCK
from mall.console.tasks import nudge_imports
from mall.kernel import clock
from mall.kernel.admin import actor_of, csv_response, run_verb
from mall.kernel.words import localized

SEE = "catalog.view_importjob"
BRING = ("catalog.view_importjob", "catalog.add_importjob")
EXPORT = ("catalog.view_importjob", "catalog.view_product")
GUARDED = {COST: "catalog.see_cost", STOCK: "inventory.view_stockitem"}
"""Columns that not everybody who may give goods out may read."""
PAGE_ROWS = 50
FRESH_SECONDS = 2
CLOSED = {
    ImportJob.Status.DONE: "done",
    ImportJob.Status.STOPPED: "late",
    ImportJob.Status.FAILED: "failed",
}
COUNTS: dict[str, str | Promise] = {
    "categories made": gettext_lazy("categories made"),
    "brands made": gettext_lazy("brands made"),
    "categories not taken": gettext_lazy("categories not taken: a forbidden name"),
    "brands not taken": gettext_lazy("brands not taken: a forbidden name"),
    "products created": gettext_lazy("products made"),
    "products updated": gettext_lazy("products changed"),
    "products unchanged": gettext_lazy("products the same already"),
    "products failed": gettext_lazy("products not taken"),
    "SKUs made": gettext_lazy("SKUs made"),
    "SKUs changed": gettext_lazy("SKUs changed"),
    "attribute values set": gettext_lazy("attribute values set"),
    "pieces taken in": gettext_lazy("pieces taken in"),
    "SKUs counted": gettext_lazy("SKUs whose stock was set"),
}


class ImportForm(forms.Form):
    """A file, where its stock goes, and whether it is only tried."""

    file = forms.FileField(label=gettext_lazy("file"), widget=UnfoldAdminFileFieldWidget())
    warehouse = forms.ChoiceField(label=gettext_lazy("opening stock goes to"), required=False)
    sets_stock = forms.BooleanField(
        label=gettext_lazy("set the stock of known SKUs there to the file's"), required=False
    )
    is_trial = forms.BooleanField(
        label=gettext_lazy("only try, keep nothing"), required=False, initial=True
    )

    def __init__(
        self, *args: Any, books_stock: bool = False, sets_stock: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not (books_stock and sets_stock):
            del self.fields["sets_stock"]
        houses = Warehouse.objects.filter(is_active=True).order_by("priority", "pk")
        named = [(house.code, localized(house, "title")) for house in houses]
        self.fields["warehouse"].initial = named[0][0] if books_stock and named else ""
        self.fields["warehouse"].choices = [  # type: ignore[attr-defined]
            *(named if books_stock else ()),
            ("", _("nowhere: leave stock out")),
        ]


class ExportForm(forms.Form):
    """Which file, of which goods."""

    kind = forms.ChoiceField(label=gettext_lazy("file"), choices=KINDS)
    category = forms.ChoiceField(label=gettext_lazy("category"), required=False)
    warehouse = forms.ChoiceField(label=gettext_lazy("stock of"), required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("state"),
        required=False,
        choices=[("", gettext_lazy("all")), ("on_sale", gettext_lazy("on sale"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("all")), *category_choices()]  # type: ignore[attr-defined]
        houses = Warehouse.objects.order_by("priority", "pk")
        self.fields["warehouse"].choices = [  # type: ignore[attr-defined]
            ("", _("all warehouses together")),
            *((house.code, localized(house, "title")) for house in houses),
        ]


def import_urls(view: Any) -> list[URLPattern]:
    """The pages, each behind the site's own door."""
    return [
        path("goods-files/", view(files), name="goods_files"),
        path("goods-files/export/", view(export), name="goods_export"),
        path("goods-files/<int:job_id>/", view(one), name="goods_file"),
        path("goods-files/<int:job_id>/report/", view(report), name="goods_file_report"),
        path("goods-files/<int:job_id>/stop/", view(stop), name="goods_file_stop"),
        path("goods-files/<int:job_id>/bring/", view(bring), name="goods_file_bring"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(SEE, raise_exception=True)
def files(request: HttpRequest) -> HttpResponse:
    """The files so far, newest first, and the form for another. Queries: 4 of its own."""
    may_bring = request.user.has_perms(BRING)
    books_stock = request.user.has_perm(BOOKS_STOCK)
    form = (
        ImportForm(
            request.POST or None,
            request.FILES or None,
            books_stock=books_stock,
            sets_stock=request.user.has_perm(CORRECT_STOCK),
        )
        if may_bring
        else None
    )
    if request.method == "POST" and form is not None and form.is_valid():
        made: list[ImportJob] = []
        if run_verb(request, lambda: made.append(_taken(request, form)), _("The file is here.")):
            nudge_imports()
            return redirect("admin:goods_file", made[0].pk)
    rows = ImportJob.objects.defer("content").select_related("created_by")
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": _("Goods by file"),
        "form": form,
        "page": page,
        "rows": [_shown(job) for job in page],
        "may_export": request.user.has_perms(EXPORT),
        "kept": "",
    }
    return TemplateResponse(request, "admin/goods_files.html", context)


def _taken(request: HttpRequest, form: ImportForm) -> ImportJob:
    file = form.cleaned_data["file"]
    return services.open_import(
        name=file.name,
        content=file.read(services.MAX_UPLOAD + 1),
        is_trial=form.cleaned_data["is_trial"],
        warehouse_code=form.cleaned_data["warehouse"],
        sets_stock=form.cleaned_data.get("sets_stock", False),
        language=get_language() or "zh-hans",
        at=clock.now(),
        actor=actor_of(request),
    )


@require_safe
@permission_required(SEE, raise_exception=True)
def one(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far a file is, what came of it, and what was wrong. Queries: 3 of its own."""
    job = _job(job_id)
    rows = ImportRow.objects.filter(job=job).order_by("pk")
    asked = request.GET.get("outcome", ImportRow.Outcome.PROBLEM)
    outcome = asked if asked in ImportRow.Outcome.values else ""
    if outcome:
        rows = rows.filter(outcome=outcome)
    context = {
        **admin.site.each_context(request),
        "title": job.name,
        **_shown(job),
        "page": Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page")),
        "outcome": outcome,
        "outcomes": ImportRow.Outcome.choices,
        "counts": [(COUNTS.get(what, what), number) for what, number in _told(job)],
        "may_bring": request.user.has_perms(BRING),
        "seconds": FRESH_SECONDS,
        "kept": f"outcome={outcome}",
    }
    return TemplateResponse(request, "admin/goods_file.html", context)


@require_safe
@permission_required(SEE, raise_exception=True)
def report(request: HttpRequest, job_id: int) -> HttpResponse:
    """Every row of a file with what came of it, as CSV."""
    job = _job(job_id)
    rows = ImportRow.objects.filter(job=job).order_by("pk")
    header = [_("Line"), _("Product"), _("Outcome"), _("Column"), _("Reason")]
    cells = (
        (row.place, row.code, row.get_outcome_display(), row.field, row.reason)
        for row in rows.iterator(chunk_size=2000)
    )
    return csv_response(f"import-{job.pk}.csv", header, cells)


@require_POST
@permission_required(BRING, raise_exception=True)
def stop(request: HttpRequest, job_id: int) -> HttpResponse:
    """Bring nothing more of a file."""
    at, actor = clock.now(), actor_of(request)
    run_verb(
        request,
        lambda: services.stop_import(job_id=job_id, at=at, actor=actor),
        _("Nothing more is taken from it; what came stays."),
    )
    return redirect("admin:goods_file", job_id)


@require_POST
@permission_required(BRING, raise_exception=True)
def bring(request: HttpRequest, job_id: int) -> HttpResponse:
    """The same file once more, for good."""
    job, made = get_object_or_404(ImportJob, pk=job_id), [job_id]

    def again() -> None:
        copy = services.repeat_import(job=job, at=clock.now(), actor=actor_of(request))
        made.append(copy.pk)

    if run_verb(request, again, _("The file is here.")):
        nudge_imports()
    return redirect("admin:goods_file", made[-1])


@require_safe
@permission_required(EXPORT, raise_exception=True)
def export(request: HttpRequest) -> HttpResponseBase:
    """The form; with a kind, the file, in the columns that an import takes."""
    asked = "kind" in request.GET
    form = ExportForm(request.GET if asked else None)
    without = [column for column, right in GUARDED.items() if not request.user.has_perm(right)]
    if asked and form.is_valid():
        return export_file(**form.cleaned_data, without=without, at=clock.now())
    context = {
        **admin.site.each_context(request),
        "title": _("Export goods"),
        "form": form,
        "sees_costs": COST not in without,
    }
    return TemplateResponse(request, "admin/goods_export.html", context)


def _job(job_id: int) -> ImportJob:
    return get_object_or_404(
        ImportJob.objects.defer("content").select_related("created_by"), pk=job_id
    )


def _shown(job: ImportJob) -> dict[str, Any]:
    return {
        "job": job,
        "state": CLOSED.get(ImportJob.Status(job.status), "running"),
        "percent": 100 * job.cursor // job.total if job.total else 0,
    }


def _told(job: ImportJob) -> list[tuple[str, int]]:
    """Its counts in the order of `COUNTS`, what was left out by rule last; nothing that is 0."""
    order = list(COUNTS)
    named = [(what, number) for what, number in job.counts.items() if number]
    return sorted(named, key=lambda row: (order.index(row[0]) if row[0] in order else 99, row[0]))
