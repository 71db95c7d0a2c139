"""Licences and other documents that goods of a category ask for."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.admin.acting import actor_of, refusals_as_errors
from catalog.models import Qualification, QualificationKind
from catalog.services import document_of, save_qualification
from mall.kernel import clock
from mall.kernel.admin import MallAdmin

VALID, SOON, OVER = _("valid"), _("runs out soon"), _("has run out")


class QualificationForm(forms.ModelForm):
    """The upload is looked at before it is kept."""

    class Meta:
        model = Qualification
        fields = ("kind", "category", "number", "holder", "file", "starts_on", "expires_on")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        with refusals_as_errors():
            return document_of(file)


@admin.register(Qualification)
class QualificationAdmin(MallAdmin):
    """Documents, those that run out first in front."""

    form = QualificationForm
    list_display = ("number", "kind", "category", "holder", "starts_on", "expires_on", "state")
    list_filter = ("kind", "alerted")
    list_select_related = ("kind", "category")
    search_fields = ("number", "holder")
    autocomplete_fields = ("category",)
    date_hierarchy = "expires_on"

    @display(description=_("state"), label={VALID: "success", SOON: "warning", OVER: "danger"})
    def state(self, row: Qualification) -> Any:
        if row.expires_on is not None and row.expires_on < clock.day_of(clock.now()):
            return OVER
        return SOON if row.alerted == Qualification.Alert.SOON else VALID

    def save_model(self, request: HttpRequest, obj: Qualification, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        save_qualification(qualification=obj, at=clock.now(), actor=actor_of(request))


@admin.register(QualificationKind)
class QualificationKindAdmin(MallAdmin):
    """Kinds of documents, and which categories ask for them."""

    list_display = ("title_zh", "title_en", "code")
    search_fields = ("title_zh", "title_en", "code")
    fields = ("code", ("title_zh", "title_en"), "categories")
    autocomplete_fields = ("categories",)
    ordering = ("code",)
