from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import User
from actionplans.models import Action
from journeys.access import enter_as
from journeys.models import Journey, Programme
from journeys.rights import Right


def test_a_stranger_gets_404_and_a_reader_who_changes_gets_403(
    programme: Programme, executive: User, outsider: User
) -> None:
    with pytest.raises(Http404):
        enter_as(outsider, programme.slug)
    with pytest.raises(PermissionDenied):
        enter_as(executive, programme.slug, see=Right.SEE_METHOD, change=Right.EDIT_METHOD)


def test_rights_add_up_over_roles(programme: Programme, observer: User) -> None:
    assert not enter_as(observer, programme.slug).may(Right.EDIT_PLAN)
    programme.memberships.create(user=observer, role="facilitator")
    access = enter_as(observer, programme.slug)
    assert access.may(Right.EDIT_PLAN)
    assert access.may(Right.OBSERVE)


def test_an_observer_is_held_to_the_given_locations(
    programme: Programme, observer: User, lead: User
) -> None:
    assert enter_as(lead, programme.slug).observing_location_ids is None
    held_to = enter_as(observer, programme.slug).observing_location_ids or ()
    held = programme.locations.filter(pk__in=held_to)
    assert [location.code for location in held] == ["PAR1"]


def test_two_roles_do_not_lend_each_other_their_reach(
    programme: Programme, observer: User, location_manager: User
) -> None:
    programme.memberships.create(user=observer, role="executive")
    both = enter_as(observer, programme.slug)
    assert both.reading_location_ids is None
    assert both.observing_location_ids is not None, "an executive records nowhere"
    here = programme.memberships.create(user=location_manager, role="observer")
    here.locations.set(programme.locations.filter(code="LYO1"))
    mixed = enter_as(location_manager, programme.slug)
    codes = dict(programme.locations.values_list("pk", "code"))
    assert [codes[pk] for pk in mixed.reading_location_ids or ()] == ["PAR1"]
    assert [codes[pk] for pk in mixed.observing_location_ids or ()] == ["LYO1"]


def test_a_contributor_who_manages_a_location_still_sees_own_actions_only(
    programme: Programme, contributor: User, journey: Journey, lead: User
) -> None:
    stage = journey.stages.all()[0]
    for owner in (contributor, lead):
        Action.objects.create(
            programme=programme,
            stage=stage,
            title=f"Of {owner}",
            owner=owner,
            due_on=date(2030, 1, 1),
            dimension="tool",
        )
    programme.memberships.create(user=contributor, role="location_manager")
    access = enter_as(contributor, programme.slug)
    assert [one.owner for one in Action.objects.visible_to(access)] == [contributor]
