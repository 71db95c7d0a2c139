"""The main video of a product in its form: sent in, given a poster, taken out. Source: C-41."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldBooleanWidget

from catalog.admin.acting import refusals_as_errors
from catalog.models import Media, Product, Video
from catalog.services import add_media, store_video, video_rule
from mall.kernel import clock

NOT_ONLY_TEXT = _("Look at the video and tick that it shows the goods, not only text.")
"""No machine here sees what a film shows: a person answers for it (C-41)."""


class VideoField(forms.FileField):
    """An upload that becomes a main video while the form is checked."""

    def clean(self, data: Any, initial: Any = None) -> Video | None:
        file = super().clean(data, initial)
        if not file:
            return None
        with refusals_as_errors():
            return store_video(file.read(), kind=Video.Kind.MAIN, at=clock.now())


class PosterField(forms.FileField):
    """An upload that becomes a picture while the form is checked."""

    def clean(self, data: Any, initial: Any = None) -> Media | None:
        file = super().clean(data, initial)
        if not file:
            return None
        with refusals_as_errors():
            return add_media(file=file)


class VideoForm(forms.ModelForm):
    """The fields; ``chosen_video`` is what follows from them."""

    instance: Product
    new_video = VideoField(
        label=_("main video"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": "video/mp4"}),
    )
    shows_goods = forms.BooleanField(
        label=_("the new video shows the goods"),
        required=False,
        widget=UnfoldBooleanWidget(),
        help_text=_("The goods themselves, not only text: a new main video needs this tick."),
    )
    new_poster = PosterField(
        label=_("poster picture"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": "image/*"}),
        help_text=_("Shown until it plays; empty: the product's first picture."),
    )
    drop_video = forms.BooleanField(
        label=_("without a main video"), required=False, widget=UnfoldBooleanWidget()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("new_video"):  # absent for who only reads
            words = _(
                "MP4, %(least)s to %(most)s seconds, at most 1080p and 10 MB."
                " It takes the place of the old."
            )
            field.help_text = words % video_rule(Video.Kind.MAIN).seconds

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.cleaned_data.get("new_video") and not self.cleaned_data.get("shows_goods"):
            self.add_error("shows_goods", NOT_ONLY_TEXT)
        return cleaned

    def chosen_video(self) -> Video | None:
        """The main video after this form."""
        if self.cleaned_data.get("new_video"):
            return self.cleaned_data["new_video"]
        return None if self.cleaned_data.get("drop_video") else self.instance.main_video


VIDEO_FIELDS = ("new_video", "shows_goods", "new_poster", "drop_video")
