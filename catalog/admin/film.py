"""Videos: the library, the short ones of the feed, and papers of products. Source: C-43, C-46."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from catalog.admin.acting import actor_of, refusals_as_errors
from catalog.admin.video_fields import NOT_ONLY_TEXT
from catalog.models import ProductCertificate, ShortVideo, Video
from catalog.services import document_of, save_certificate, save_video, store_video, video_rule
from mall.kernel import clock
from mall.kernel.admin import MallAdmin

SAID = ("poster", "title_zh", "title_en", "shows_goods")
"""What people say of a video."""
KINDS = [(kind.value, kind.label) for kind in Video.Kind if kind != Video.Kind.REVIEW]


class VideoLibraryForm(forms.ModelForm):
    """A new video is an upload of a kind; of an old one the words and the poster change."""

    as_kind = forms.ChoiceField(label=_("kind"), choices=KINDS, widget=UnfoldAdminSelectWidget())
    upload = forms.FileField(
        label=_("video"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": "video/mp4"}),
    )

    class Meta:
        model = Video
        fields = ("poster", "title_zh", "title_en", "shows_goods")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["upload"], self.fields["as_kind"]
        else:
            self.fields["upload"].help_text = _upload_words()

    def clean(self) -> Any:
        cleaned = super().clean()
        kind = self.instance.kind or self.cleaned_data.get("as_kind")
        if kind == Video.Kind.MAIN and not self.cleaned_data.get("shows_goods"):
            self.add_error("shows_goods", NOT_ONLY_TEXT)
        return cleaned

    def clean_upload(self) -> Video:
        kind = self.cleaned_data.get("as_kind", Video.Kind.MAIN)
        with refusals_as_errors():
            content = self.cleaned_data["upload"].read()
            return store_video(content, kind=kind, at=clock.now())


def _upload_words() -> Any:
    """What may be sent in. Queries: 1 for each kind."""
    lengths = {
        f"{kind}_{end}": seconds
        for kind, _label in KINDS
        for end, seconds in video_rule(kind).seconds.items()
    }
    return (
        _(
            "MP4, at most 1080p and 10 MB; main %(main_least)s to %(main_most)s seconds, detail at"
            " most %(detail_most)s, short %(short_least)s to %(short_most)s."
        )
        % lengths
    )


@admin.register(Video)
class VideoAdmin(MallAdmin):
    """The library of videos."""

    form = VideoLibraryForm
    list_display = ("__str__", "kind", "shows_goods", "length", "measures", "codec", "added_at")
    list_filter = ("kind", "shows_goods")
    search_fields = ("title_zh", "title_en", "file")
    autocomplete_fields = ("poster",)
    readonly_fields = ("player",)
    ordering = ("-added_at", "-pk")

    def get_fields(self, request: HttpRequest, obj: Video | None = None) -> Any:
        return ("player", *SAID) if obj else ("as_kind", "upload", *SAID)

    @admin.display(description=_("length"), ordering="duration_ms")
    def length(self, video: Video) -> str:
        return _("%(seconds)s s") % {"seconds": round(video.duration_ms / 1000, 1)}

    @admin.display(description=_("size"))
    def measures(self, video: Video) -> str:
        return f"{video.width} x {video.height}"

    @admin.display(description=_("video"))
    def player(self, video: Video) -> str:
        return format_html(
            '<video src="{}" controls preload="none" width="320" height="180"></video>',
            video.file.url,
        )

    def save_model(self, request: HttpRequest, obj: Video, form: Any, change: bool) -> None:
        """The upload was stored while it was checked; now its words and poster are."""
        stored = form.cleaned_data.get("upload")
        if stored is not None:
            obj.pk, obj._state.adding = stored.pk, False
        said = {name: form.cleaned_data[name] for name in SAID}
        video = Video.objects.get(pk=obj.pk)
        save_video(video=video, values=said, at=clock.now(), actor=actor_of(request))
        obj.refresh_from_db()


@admin.register(ShortVideo)
class ShortVideoAdmin(MallAdmin):
    """What the feed of short videos shows, in order."""

    list_display = ("product", "video", "sort", "is_active")
    list_editable = ("sort", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("product", "video")
    search_fields = ("product__title_zh", "=product__code")
    autocomplete_fields = ("product", "video")


class CertificateForm(forms.ModelForm):
    """The upload is looked at before it is kept."""

    class Meta:
        model = ProductCertificate
        fields = (
            "product",
            "kind",
            "number",
            "agency_zh",
            "agency_en",
            "file",
            "starts_on",
            "expires_on",
            "sort",
        )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        with refusals_as_errors():
            return document_of(file)


@admin.register(ProductCertificate)
class ProductCertificateAdmin(MallAdmin):
    """Quality reports, certificates and patents that shoppers may read while they are valid."""

    form = CertificateForm
    list_display = ("number", "kind", "product", "agency_zh", "starts_on", "expires_on")
    list_filter = ("kind",)
    list_select_related = ("product",)
    search_fields = ("number", "agency_zh", "product__title_zh", "=product__code")
    autocomplete_fields = ("product",)
    date_hierarchy = "expires_on"

    def save_model(
        self, request: HttpRequest, obj: ProductCertificate, form: Any, change: bool
    ) -> None:
        """Write through the verb, which leaves a trail."""
        save_certificate(certificate=obj, at=clock.now(), actor=actor_of(request))
