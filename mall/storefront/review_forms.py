"""The forms of what buyers say: they check shapes; the verbs behind them check the rest. Source:
C-56, C-62."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mall.storefront.after_sale_forms import ManyFilesInput
from mall.storefront.forms import TextField
from orders.models import MOST_PICTURES

PICTURES = "image/jpeg,image/png,image/webp"


class ReviewPicturesField(forms.FileField):
    """Up to nine files; what is in them is looked at when they are kept."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        kept = [super(ReviewPicturesField, self).clean(file, initial) for file in files if file]
        if len(kept) > MOST_PICTURES:
            raise forms.ValidationError(
                _("At most %(most)s pictures belong to a review.") % {"most": MOST_PICTURES}
            )
        return kept


class ShowingForm(forms.Form):
    """Pictures and a video of the goods."""

    pictures = ReviewPicturesField(
        label=_("Pictures"),
        required=False,
        help_text=_("Up to 9, each at most 5 MB: JPEG, PNG or WebP."),
        widget=ManyFilesInput(attrs={"accept": PICTURES}),
    )
    video = forms.FileField(
        label=_("Video"),
        required=False,
        help_text=_("One MP4 of at most 30 seconds and 10 MB."),
        widget=forms.FileInput(attrs={"accept": "video/mp4"}),
    )

    @property
    def files_sent(self) -> list[Any]:
        """What is to be kept, in order."""
        video = self.cleaned_data["video"]
        return [*self.cleaned_data["pictures"], *([video] if video else [])]


class ReviewForm(ShowingForm):
    """What a buyer says of one item."""

    RATINGS = [(str(stars), str(stars)) for stars in (5, 4, 3, 2, 1)]

    rating = forms.ChoiceField(label=_("Stars"), choices=RATINGS, initial="5")
    text = TextField(
        label=_("Your review"), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
    is_anonymous = forms.BooleanField(label=_("Do not show my name"), required=False)


class AppendForm(ShowingForm):
    """What a buyer adds once."""

    text = TextField(
        label=_("What would you add?"), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )


class QuestionForm(forms.Form):
    """What a shopper asks about a product."""

    text = TextField(label=_("Your question"), max_length=200)


class AnswerForm(forms.Form):
    """What a buyer answers."""

    text = TextField(label=_("Your answer"), max_length=500)
