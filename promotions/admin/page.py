"""Pages of blocks: the list, their names, the way into the builder. Source: X-01, X-05, P-61."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, VerbPage, actor_of
from mall.kernel.db import refuse_unsafe_text
from promotions import services
from promotions.admin.page_building import CHANGE, build_url, builder, check_may, edit_block
from promotions.models import ContentPage
from promotions.services import PageValues

NAMES = ("kind", "slug", "title_zh", "title_en", "text_zh", "text_en", "is_listed", "sort")


class CopyForm(forms.Form):
    """Where the copy is and what it is called."""

    slug = forms.SlugField(label=_("address"), max_length=60, widget=UnfoldAdminTextInputWidget())
    title_zh = forms.CharField(
        label=_("title (Chinese)"),
        max_length=40,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if ContentPage.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("A page has this address already."))
        return slug


@admin.register(ContentPage)
class ContentPageAdmin(MallAdmin):
    """Home, topics and landing pages; what is on them is put together in the builder."""

    list_display = ("title_zh", "kind", "slug", "newest", "is_listed", "sort", "build_link")
    list_filter = ("kind", "is_listed")
    search_fields = ("slug", "title_zh", "title_en")
    fields = (
        ("kind", "slug"),
        ("title_zh", "title_en"),
        ("text_zh", "text_en"),
        "cover",
        ("is_listed", "sort"),
    )
    autocomplete_fields = ("cover",)
    ordering = ("sort", "pk")
    actions_detail = ("build", "copy")
    actions_list = ("arrange_home",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContentPage]:
        return super().get_queryset(request).annotate(newest_number=Max("versions__number"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("kind", "slug") if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_page_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_change_permission(request)

    def has_view_page_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_view_permission(request)

    @admin.display(description=_("newest version"), ordering="newest_number")
    def newest(self, page: Any) -> Any:
        return page.newest_number

    @admin.display(description=_("blocks"))
    def build_link(self, page: ContentPage) -> str:
        return format_html('<a href="{}">{}</a>', build_url(page.pk), _("Build"))

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:page_id>/build/",
                wrap(partial(builder, self)),
                name="promotions_contentpage_build",
            ),
            path(
                "<int:page_id>/build/<slug:block_id>/",
                wrap(partial(edit_block, self)),
                name="promotions_contentpage_block",
            ),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: ContentPage, form: Any, change: bool) -> None:
        values = PageValues(**{name: getattr(obj, name) for name in NAMES}, cover_id=obj.cover_id)
        saved = services.save_page(
            values=values, page_id=obj.pk, at=clock.now(), actor=actor_of(request)
        )
        obj.pk = saved.pk

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """A new page goes on to the builder."""
        return HttpResponseRedirect(build_url(obj.pk))

    @action(description=_("Build"), permissions=["view_page"], icon="dashboard_customize")
    def build(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        return HttpResponseRedirect(build_url(int(object_id)))

    @action(description=_("Arrange the home page"), permissions=["change_page"], icon="home")
    def arrange_home(self, request: HttpRequest) -> HttpResponse:
        page = services.ensure_home(at=clock.now(), actor=actor_of(request))
        return HttpResponseRedirect(build_url(page.pk))

    @action(description=_("Copy"), permissions=["change_page"], icon="content_copy")
    def copy(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        check_may(request, CHANGE)
        page = get_object_or_404(ContentPage, pk=object_id)
        return VerbPage(
            title=_("Copy a page"),
            form_class=CopyForm,
            run=lambda typed: services.copy_page(
                page_id=page.pk, at=clock.now(), actor=actor_of(request), **typed
            ),
            done=_("The copy is a draft; build it and publish it."),
            back=reverse("admin:promotions_contentpage_changelist"),
            button=_("Copy"),
        ).answer(request, self)
