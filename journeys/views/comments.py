"""Comments on a stage or a touchpoint: a panel beside the map that is a page as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from journeys import commenting
from journeys.access import Access, enter
from journeys.forms.comments import CommentForm
from journeys.holding import Overtaken
from journeys.models import Comment, Journey, Mention, Stage, Touchpoint
from journeys.pages import form_status, show
from journeys.rights import Right


@dataclass(frozen=True, slots=True)
class Place:
    """The stage or the touchpoint that is talked about, and who asks."""

    request: HttpRequest
    access: Access
    journey: Journey
    part: str
    target: Stage | Touchpoint

    @property
    def address(self) -> str:
        return reverse(
            "journeys:comments",
            args=[self.access.programme.slug, self.journey.key, self.part, self.target.pk],
        )

    @property
    def link(self) -> str:
        return self.request.build_absolute_uri(self.address)


def _open(
    request: HttpRequest, slug: str, key: str, change: Right = Right.SEE_METHOD
) -> tuple[Access, Journey]:
    """Whoever reads the map may talk about it, until the programme is archived."""
    changes = change if request.method == "POST" else None
    access = enter(request, slug, see=Right.SEE_METHOD, change=changes)
    journeys = access.programme.journeys.select_related("programme", "segment")
    return access, get_object_or_404(journeys, key=key)


def _place(request: HttpRequest, access: Access, journey: Journey, part: str, row: int) -> Place:
    if part not in commenting.ROWS:
        raise Http404
    rows: Any = commenting.ROWS[part]._default_manager.select_related("journey__programme")
    return Place(request, access, journey, part, get_object_or_404(rows, journey=journey, pk=row))


def _comment(
    request: HttpRequest, slug: str, key: str, pk: int, *, own: bool
) -> tuple[Place, Comment]:
    """Own ones are changed by who reads the map, others' by who builds it.

    404 also for one whose row is deleted; 403 where `own` and somebody else's.
    """
    change = Right.SEE_METHOD if own else Right.EDIT_METHOD
    access, journey = _open(request, slug, key, change)
    comments = Comment.objects.filter(journey=journey, deleted_at=None)
    comment = get_object_or_404(comments.select_related("journey__programme", "parent"), pk=pk)
    if own and comment.author_id != access.user.pk:
        raise PermissionDenied(_("Only who wrote a comment may change it."))
    return _place(request, access, journey, comment.part, comment.row), comment


def _show(place: Place, form: CommentForm, **more: Any) -> HttpResponse:
    access, target = place.access, place.target
    is_open = not access.programme.is_archived
    threads = list(commenting.threads_of(place.journey, place.part, target.pk))
    context = {
        "active_step": "journeys",
        "programme": access.programme,
        "journey": place.journey,
        "part": place.part,
        "target": target,
        "address": place.address,
        "threads": threads,
        "open_count": sum(1 for each in threads if each.resolved_at is None),
        "form": form,
        "may_write": is_open,
        "may_resolve": is_open and access.may(Right.EDIT_METHOD),
    }
    return show(place.request, "journeys/comments", context | more, status=form_status(form))


def _form(place: Place, *, comment: Comment | None = None) -> CommentForm:
    return CommentForm(
        place.request.POST if place.request.method == "POST" else None,
        people=commenting.mentionable(place.access.programme),
        initial={"text": comment.text} if comment else None,
        auto_id="comment-%s",
    )


@login_required
@require_http_methods(["GET", "POST"])
def comments(request: HttpRequest, *, slug: str, key: str, part: str, row: int) -> HttpResponse:
    """Opening them is seeing them: mentions of the reader in them are new no longer."""
    access, journey = _open(request, slug, key)
    place = _place(request, access, journey, part, row)
    form = _form(place)
    asked = request.POST.get("parent") or request.GET.get("reply") or ""
    replying = _parent(place, asked) if asked else None
    if request.method == "POST" and form.is_valid():
        try:
            commenting.write_comment(
                target=place.target,
                text=form.cleaned_data["text"],
                author=access.user,
                link=place.link,
                parent=replying,
            )
        except Overtaken as overtaken:
            form.add_error(None, overtaken.reason)
        else:
            return redirect(place.address)
    about = Comment.objects.filter(journey=journey, part=part, row=row)
    commenting.see_mentions(person=access.user, comments=about)
    return _show(place, form, replying=replying.pk if replying else None)


def _parent(place: Place, pk: str) -> Comment:
    if not pk.isdecimal():
        raise Http404
    threads = commenting.threads_of(place.journey, place.part, place.target.pk)
    return get_object_or_404(threads, pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def comment_edit(request: HttpRequest, slug: str, key: str, pk: int) -> HttpResponse:
    place, comment = _comment(request, slug, key, pk, own=True)
    form = _form(place, comment=comment)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        commenting.edit_comment(
            comment=comment, text=text, author=place.access.user, link=place.link
        )
        return redirect(place.address)
    return _show(place, form, editing=comment.pk)


@login_required
@require_POST
def comment_delete(request: HttpRequest, slug: str, key: str, pk: int) -> HttpResponse:
    place, comment = _comment(request, slug, key, pk, own=True)
    commenting.delete_comment(comment=comment)
    return redirect(place.address)


@login_required
@require_POST
def comment_resolve(request: HttpRequest, slug: str, key: str, pk: int) -> HttpResponse:
    """A remark with its replies is settled, or with `again` open again."""
    place, comment = _comment(request, slug, key, pk, own=False)
    if comment.parent_id is not None:
        raise Http404
    commenting.resolve_comment(
        comment=comment, actor=place.access.user, is_resolved="again" not in request.POST
    )
    return redirect(place.address)


@login_required
@require_http_methods(["GET", "POST"])
def mention_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What others have written to the reader; POST says that all of it is seen."""
    access = enter(request, slug, see=Right.SEE_METHOD)
    if request.method == "POST":
        written = Comment.objects.filter(journey__programme=access.programme)
        commenting.see_mentions(person=access.user, comments=written)
        return redirect("journeys:mention-list", slug)
    mentions = list(commenting.mentions_in(access.programme, access.user)[:200])
    return show(
        request,
        "journeys/mention_list",
        {
            "active_step": "journeys",
            "mentions": mentions,
            "gone": _gone(mentions),
            "unseen": sum(1 for each in mentions if each.seen_at is None),
        },
    )


def _gone(mentions: list[Mention]) -> set[int]:
    """The comments among them whose stage or touchpoint is deleted: nothing to lead to."""
    gone: set[int] = set()
    for part, kind in commenting.ROWS.items():
        about = [each.comment for each in mentions if each.comment.part == part]
        here = set(
            kind._default_manager.filter(pk__in={each.row for each in about}).values_list(
                "pk", flat=True
            )
        )
        gone |= {each.pk for each in about if each.row not in here}
    return gone
