"""A tablet that may not come in any more, with visits on it: all is kept, said plainly, and sent later."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.tokens import create_token
from e2e.field.tablet import Tablet
from journeys.models import Membership
from observations.devices import make_code, revoke_device
from observations.models import Device, HeldCopy, Media, Observation, Revision
from observations.tests.tablets import someone
from scoring.models import Framework

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def two_visits_wait(tablet: Tablet) -> Page:
    tablet.network(on=False)
    tablet.finish_one()
    tablet.begin()
    tablet.answer("S1-b", -2)
    tablet.photograph("S1-b")
    tablet.saved()
    tablet.to_summary()
    tablet.finish()
    expect(tablet.page.locator('[data-standing="tablet"]')).to_have_attribute("data-count", "2")
    return tablet.page


def assert_all_is_there_once() -> None:
    assert (Observation.objects.count(), HeldCopy.objects.count()) == (2, 0)
    assert bool(Media.objects.get().file)


def test_a_revoked_device_keeps_its_queue_and_goes_on_once_enrolled_again(
    tablet: Tablet, device: Device, code: str
) -> None:
    tablet.ready(code)
    page = two_visits_wait(tablet)
    revoke_device(device=device, actor=someone())
    tablet.network(on=True)
    banner = page.locator('[data-banner="paused"]')
    expect(banner).to_contain_text("does not know this device any more")
    expect(banner).to_contain_text("everything is kept here")
    tablet.restart()
    page = tablet.visit_app()
    banner = page.locator('[data-banner="paused"]')
    expect(banner).to_be_visible()
    assert tablet.states()["ready"] == 2
    assert Observation.objects.count() == 0

    again = make_code(device=device, actor=someone())
    banner.get_by_role("link", name="Enrol again").tap()
    page.get_by_label("Code").fill(f" {again[:4].lower()} {again[4:].lower()}")
    page.get_by_role("button", name="Enrol this device").tap()
    tablet.until_received(2)
    expect(banner).to_have_count(0)
    assert_all_is_there_once()
    assert set(Observation.objects.values_list("device_id", flat=True)) == {device.pk}


def test_an_observer_who_has_left_the_programme_loses_no_visit(
    tablet: Tablet, code: str, observer: User
) -> None:
    """Who observed is sealed in the visit; that the person is gone since is no reason to refuse it."""
    tablet.ready(code)
    two_visits_wait(tablet)
    Membership.objects.filter(user=observer).delete()
    tablet.network(on=True)
    tablet.until_received(2)
    assert_all_is_there_once()
    assert set(Revision.objects.values_list("observer", flat=True)) == {"OBS-1"}


def test_a_person_removed_from_the_programme_keeps_the_queue_until_let_in_again(
    tablet: Tablet, framework: Framework, observer: User
) -> None:
    """A tablet may come in with a person's own token: that person's rights are its own."""
    tablet.hold(create_token(user=observer))
    page = two_visits_wait(tablet)
    membership = Membership.objects.get(user=observer)
    locations = list(membership.locations.all())
    membership.delete()
    tablet.network(on=True)
    banner = page.locator('[data-banner="paused"]')
    expect(banner).to_contain_text("may not send to this programme at the moment")
    assert tablet.states()["ready"] == 2

    membership.save(force_insert=True)
    membership.locations.set(locations)
    page.reload()
    tablet.until_received(2)
    expect(banner).to_have_count(0)
    assert_all_is_there_once()


def test_a_person_removed_with_photos_still_to_go_sends_no_second_copy(
    tablet: Tablet, framework: Framework, observer: User
) -> None:
    tablet.hold(create_token(user=observer))
    tablet.context.route("**/media/**", lambda route: route.abort())
    two_visits_wait(tablet)
    tablet.network(on=True)
    tablet.drain()
    assert (tablet.states()["received"], tablet.states()["missing"]) == (2, 1)
    membership = Membership.objects.get(user=observer)
    locations = list(membership.locations.all())
    membership.delete()
    tablet.context.unroute("**/media/**")
    tablet.drain()
    expect(tablet.page.locator('[data-banner="paused"]')).to_be_visible()
    membership.save(force_insert=True)
    membership.locations.set(locations)
    tablet.page.reload()
    tablet.until_received(2)
    assert_all_is_there_once()
    assert Revision.objects.count() == 2
