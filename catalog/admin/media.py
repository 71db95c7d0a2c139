"""Pictures: uploaded here or with a product, stored once."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from catalog.admin.acting import refusals_as_errors
from catalog.models import Media
from catalog.presenting import image
from catalog.selectors import stored_picture
from catalog.services import add_media
from mall.kernel.admin import MallAdmin


class MediaForm(forms.ModelForm):
    """A new picture is an upload; of an old one only the words change."""

    upload = forms.FileField(
        label=_("picture"),
        widget=UnfoldAdminFileFieldWidget(),
        help_text=_("JPEG, PNG or WebP, at most 5 MB and 25 megapixels."),
    )

    class Meta:
        model = Media
        fields = ("alt_zh", "alt_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["upload"]

    def clean_upload(self) -> Media:
        with refusals_as_errors():
            return add_media(file=self.cleaned_data["upload"])


@admin.register(Media)
class MediaAdmin(MallAdmin):
    """The picture library."""

    form = MediaForm
    list_display = ("thumbnail", "alt_zh", "alt_en", "size", "added_at")
    list_display_links = ("thumbnail", "alt_zh")
    search_fields = ("alt_zh", "alt_en", "file")
    ordering = ("-added_at", "-pk")

    def get_fields(self, request: HttpRequest, obj: Media | None = None) -> Any:
        return ("alt_zh", "alt_en") if obj else ("upload", "alt_zh", "alt_en")

    @admin.display(description=_("picture"))
    def thumbnail(self, media: Media) -> str:
        return thumbnail(media)

    @admin.display(description=_("size"))
    def size(self, media: Media) -> str:
        return f"{media.width} x {media.height}"

    def save_model(self, request: HttpRequest, obj: Media, form: Any, change: bool) -> None:
        """The upload was stored while it was checked; now its words are."""
        stored = form.cleaned_data.get("upload")
        if stored is not None:
            obj.pk, obj._state.adding = stored.pk, False
        Media.objects.filter(pk=obj.pk).update(alt_zh=obj.alt_zh, alt_en=obj.alt_en)
        obj.refresh_from_db()


def thumbnail(media: Media) -> str:
    """The smallest version of a picture, for lists."""
    shown = image(stored_picture(media))
    if shown is None:
        return ""
    return format_html(
        '<img src="{}" alt="{}" width="48" height="48" loading="lazy">',
        shown["srcset"].split(" ", 1)[0],
        shown["alt"],
    )
