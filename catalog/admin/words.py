"""Words that mean the same to a shopper."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from catalog.models import SearchSynonym
from catalog.tokens import normalize
from mall.kernel.admin import MallAdmin
from mall.kernel.db import refuse_unsafe_text

MOST_WORDS = 12


class SynonymForm(forms.ModelForm):
    """Two words at least, each once."""

    class Meta:
        model = SearchSynonym
        fields = ("words", "is_active")

    def clean_words(self) -> str:
        text = self.cleaned_data["words"]
        refuse_unsafe_text(text)
        words = list(dict.fromkeys(normalize(text).split()))
        if not 2 <= len(words) <= MOST_WORDS:
            raise forms.ValidationError(_("Two to twelve words, with spaces between them."))
        return " ".join(words)


@admin.register(SearchSynonym)
class SearchSynonymAdmin(MallAdmin):
    """A search for one of the words finds the others."""

    form = SynonymForm
    list_display = ("words", "is_active")
    list_editable = ("is_active",)
    search_fields = ("words",)
    ordering = ("words",)
