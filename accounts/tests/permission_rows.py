"""The rows of the permission matrix: which address answers whom with which status.

How an app adds its addresses: a module `<app>/tests/permissions.py` exports

    ROWS = [
        Row("scoring:framework-list", "GET", ("casa-nord",), "302 404 200 200 200 200 404 200 404 200"),
        Row("scoring:level-edit", "POST", ("casa-nord", "$level"), "302 404 422 ..."),
    ]

    def prepare(programme: Programme) -> dict[str, Any]:
        return {"level": make_level(programme).pk}

The ten statuses stand in the order of PEOPLE. A POST sends an empty body, so where it is allowed it
answers 422 (a form) or 302 (a button). An argument "$level" is looked up in what the app's
`prepare` made (it may be left out); `programme` is that of the cast in the root conftest.py, with
its journey, stages, locations and the seven roles. Each method that an address takes needs a row:
any other must answer 405. `cxplan/tests/test_permission_matrix.py` gathers the rows of all apps
and fails for an address of the site in no row, and for a row that names no address.
"""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE = (
    "anonymous",
    "outsider",
    "lead",
    "consultant",
    "facilitator",
    "location_manager",
    "observer",
    "executive",
    "contributor",
    "superuser",
)


@dataclass(frozen=True, slots=True)
class Row:
    url_name: str
    method: str
    args: tuple[str, ...]
    statuses: str
    # JSON for API calls: sent as the body instead of an empty form.
    body: str | None = None

    def status_for(self, person: str) -> int:
        statuses = self.statuses.split()
        assert len(statuses) == len(PEOPLE), f"{self.url_name}: ten statuses, one a person"
        return int(statuses[PEOPLE.index(person)])


#                 anon outs lead cons faci loca obse exec cont super
EVERYBODY_200 = "200 200 200 200 200 200 200 200 200 200"
LOGGED_IN_200 = "302 200 200 200 200 200 200 200 200 200"
LOGGED_IN_302 = "302 302 302 302 302 302 302 302 302 302"
LOGGED_IN_404 = "302 404 404 404 404 404 404 404 404 404"
