"""Two maps to measure editing on, and somebody logged in who may edit them."""

from __future__ import annotations

from typing import Any

BIG, SMALL = "map-of-40", "map-of-10"
STAGES = {BIG: 40, SMALL: 10}
TOUCHPOINTS = {BIG: 300, SMALL: 10}


def make_maps() -> tuple[dict[str, dict[str, int]], str]:
    """{map: numbers of the rows that orders name}, and the key of a consultant's session."""
    from django.test import Client

    from journeys.models import Programme
    from journeys.tests.factories import make_member, make_user

    programme = Programme.objects.get(slug="bench")
    maps = {key: _make_map(programme, key) for key in STAGES}
    client = Client()
    client.force_login(
        make_member(programme, "consultant", make_user("Colin")),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return maps, str(client.session.session_key)


def _make_map(programme: Any, key: str) -> dict[str, int]:
    from journeys.models import Choice, Need, Stage, Touchpoint
    from journeys.tests.factories import make_journey

    journey = make_journey(programme, key)
    count = STAGES[key]
    stages = Stage.objects.bulk_create(
        Stage(
            journey=journey,
            key=f"S{n}",
            name=f"Stage number {n}",
            position=n,
            phase="before" if n < count / 4 else "during" if n < count * 3 / 4 else "after",
        )
        for n in range(count)
    )
    channel = programme.channels.get()
    touchpoints = Touchpoint.objects.bulk_create(
        Touchpoint(
            journey=journey,
            stage=stages[n % count],
            key=f"t{n}",
            name=f"Touchpoint number {n}",
            customer_action=f"does what number {n} asks",
            channel=channel,
            position=n // count,
        )
        for n in range(TOUCHPOINTS[key])
    )
    Need.objects.bulk_create(Need(stage=stage, text="be understood") for stage in stages)
    Choice.objects.bulk_create(Choice(stage=stage, question="Which one?") for stage in stages)
    middle = stages[count // 2]
    return {
        "first": middle.pk,
        "second": stages[count // 2 + 1].pk,
        "touchpoint": next(each.pk for each in touchpoints if each.stage_id == middle.pk),
    }
