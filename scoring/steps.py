"""The state of step 3, for the stepper: which versions are in use and how much they ask."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.access import Access
from journeys.rights import Right
from journeys.steps import Step
from scoring.models import Framework


def step_states(access: Access) -> list[Step]:
    """Step 3, for those who may read the method."""
    if not access.may(Right.SEE_METHOD):
        return []
    rows = Framework.objects.filter(journey__programme=access.programme).with_counts()
    newest_first = list(rows.order_by("-version"))
    published = [one for one in newest_first if one.status == Framework.Status.PUBLISHED]
    drafts = [one for one in newest_first if one.is_draft]
    journeys = access.programme.journeys.count()
    done = bool(published) and len(published) == journeys
    return [
        Step(
            number=3,
            key="framework",
            title=_("Optimal Experience"),
            url=reverse("scoring:framework-list", args=[access.programme.slug]),
            summary=_summary(published, drafts),
            state="done" if done else "started" if newest_first else "empty",
        )
    ]


def _summary(published: list[Framework], drafts: list[Framework]) -> str:
    if len(published) == 1 and not drafts:
        return _one(published[0], _("v%(version)d published, %(interactions)s"))
    if len(drafts) == 1 and not published:
        return _one(drafts[0], _("v%(version)d in draft, %(interactions)s"))
    parts = []
    if published:
        parts.append(
            ngettext("%(n)d published", "%(n)d published", len(published)) % {"n": len(published)}
        )
    if drafts:
        parts.append(ngettext("%(n)d draft", "%(n)d drafts", len(drafts)) % {"n": len(drafts)})
    return ", ".join(parts) or _("nothing defined yet")


def _one(framework: Framework, sentence: str) -> str:
    n: int = framework.interaction_count  # type: ignore[attr-defined]  # of with_counts()
    interactions = ngettext("%(n)d interaction", "%(n)d interactions", n) % {"n": n}
    return sentence % {"version": framework.version, "interactions": interactions}
