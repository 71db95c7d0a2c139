"""News, help pages and hot words: what the storefront says, placed by operators."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, actor_of
from promotions import services
from promotions.errors import HelpVersionKept
from promotions.models import Announcement, HelpPage, HotWord
from promotions.selectors.content import WORDS, is_kept_otherwise


class ContentAdmin(MallAdmin):
    """Every change goes through a verb that leaves a trail."""

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        services.place_content(
            row=obj, changed=form.changed_data, actor=actor_of(request), at=clock.now()
        )

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        services.remove_content(row=obj, actor=actor_of(request), at=clock.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            self.delete_model(request, row)


@admin.register(Announcement)
class AnnouncementAdmin(ContentAdmin):
    """Shop news, one line each; a bar of it stands over every page."""

    list_display = ("title_zh", "level", "is_bar", "starts_at", "ends_at")
    list_filter = ("is_bar", "level")
    search_fields = ("title_zh", "title_en")
    ordering = ("-starts_at", "-pk")


class HelpPageForm(forms.ModelForm):
    """New words of a page that was published need a new version."""

    class Meta:
        model = HelpPage
        fields = ("slug", "topic", *WORDS, "version", "is_published", "sort")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        is_whole = typed.get("is_published") and not self.errors
        page_id = self.instance.pk
        if is_whole and page_id and is_kept_otherwise(page_id, typed["version"], typed):
            self.add_error("version", str(HelpVersionKept(version=typed["version"])))
        return typed


@admin.register(HelpPage)
class HelpPageAdmin(ContentAdmin):
    """Help and policies; a new version is what consents name from then on."""

    form = HelpPageForm
    list_display = ("title_zh", "slug", "topic", "version", "is_published", "sort")
    list_filter = ("topic", "is_published")
    search_fields = ("slug", "title_zh", "title_en")
    ordering = ("sort", "pk")


@admin.register(HotWord)
class HotWordAdmin(ContentAdmin):
    """Search words that the shop suggests."""

    list_display = ("word_zh", "word_en", "sort")
    search_fields = ("word_zh", "word_en")
    ordering = ("sort", "pk")
