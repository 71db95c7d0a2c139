"""The words of search that operators keep: synonyms, words of the shop's own, banned hot words."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.models import SearchBan, SearchPolicy, SearchSynonym, SearchWord
from catalog.models.search import LONGEST_WORD
from catalog.services import ban_word, lift_ban, remove_words, save_own_word, save_synonyms
from catalog.tokens import normalize
from mall.kernel import audit, clock
from mall.kernel.admin import MallAdmin, OneRowAdmin, actor_of
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


class OneWordForm(forms.ModelForm):
    """One word without spaces, as search folds it."""

    word = forms.CharField(
        label=_("word"), max_length=LONGEST_WORD, widget=UnfoldAdminTextInputWidget()
    )

    def clean_word(self) -> str:
        text = self.cleaned_data["word"]
        refuse_unsafe_text(text)
        word = normalize(text)
        if not word or " " in word:
            raise forms.ValidationError(_("One word, without spaces."))
        return word


class WordForm(OneWordForm):
    """A word of the shop's own; one that stands on goods already may be taken over."""

    class Meta:
        model = SearchWord
        fields = ("word",)

    def validate_unique(self) -> None:
        """The verb takes a known word over instead of adding it twice."""


class BanForm(OneWordForm):
    class Meta:
        model = SearchBan
        fields = ("word",)


class WordsAdmin(MallAdmin):
    """Whatever goes, one or many, goes through its verb: with a trail, and searches know it."""

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            self.delete_model(request, row)


@admin.register(SearchSynonym)
class SearchSynonymAdmin(WordsAdmin):
    """A search for one of the words finds the others."""

    form = SynonymForm
    list_display = ("words", "is_active")
    list_editable = ("is_active",)
    search_fields = ("words",)
    ordering = ("words",)

    def save_model(self, request: HttpRequest, obj: SearchSynonym, form: Any, change: bool) -> None:
        save_synonyms(obj, at=clock.now(), actor=actor_of(request))

    def delete_model(self, request: HttpRequest, obj: SearchSynonym) -> None:
        remove_words(obj, at=clock.now(), actor=actor_of(request))


@admin.register(SearchWord)
class SearchWordAdmin(WordsAdmin):
    """The shop's own words: misspelt or in pinyin they are understood, on goods or not."""

    form = WordForm
    list_display = ("word", "is_own")
    list_filter = ("is_own",)
    search_fields = ("word",)
    ordering = ("word",)
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: SearchWord, form: Any, change: bool) -> None:
        save_own_word(obj, at=clock.now(), actor=actor_of(request))

    def delete_model(self, request: HttpRequest, obj: SearchWord) -> None:
        remove_words(obj, at=clock.now(), actor=actor_of(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Words that stand on goods come back by themselves; own ones may go."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_own)


@admin.register(SearchBan)
class SearchBanAdmin(WordsAdmin):
    """Words that are never hot and never suggested."""

    form = BanForm
    list_display = ("word", "at")
    search_fields = ("word",)
    ordering = ("word",)

    def save_model(self, request: HttpRequest, obj: SearchBan, form: Any, change: bool) -> None:
        obj.pk = ban_word(obj.word).pk
        audit.record(
            actor=actor_of(request),
            verb="catalog.ban_word",
            target=obj,
            at=clock.now(),
            after={"word": obj.word},
        )

    def delete_model(self, request: HttpRequest, obj: SearchBan) -> None:
        audit.record(
            actor=actor_of(request),
            verb="catalog.lift_ban",
            target=obj,
            at=clock.now(),
            before={"word": obj.word},
        )
        lift_ban(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SearchPolicy)
class SearchPolicyAdmin(OneRowAdmin):
    """How long searches are kept, and what makes a word hot."""

    list_display = ("__str__", "retention_days", "hot_days", "hot_searches", "hot_sessions")
