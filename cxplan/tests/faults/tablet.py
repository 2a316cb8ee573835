"""A tablet as the server sees it: HTTP with a token, the same document again until it is told."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]
ACCEPTED = (200, 201)
TROUBLE = (OSError, http.client.HTTPException)


@dataclass
class Tablet:
    """One connection, kept alive and made anew when it breaks."""

    port: int
    token: str
    slug: str = "casa-nord"
    # Ids that the server has acknowledged: what must never be missing afterwards.
    acknowledged: set[str] = field(default_factory=set)
    # Answers that were no acknowledgement: a status, or the name of what broke.
    troubles: list[int | str] = field(default_factory=list)
    _connection: http.client.HTTPConnection | None = None

    def ask(self, verb: str, path: str, body: Any = None) -> tuple[int, Any]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body)
        try:
            self._connection.request(
                verb, f"/api/v1/programmes/{self.slug}/{path}", content, headers
            )
            answer = self._connection.getresponse()
            return answer.status, _json_of(answer.read())
        except TROUBLE:
            self.hang_up()
            raise

    def hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def put(self, document: Document) -> int:
        status, echo = self.ask("PUT", f"observations/{document['id']}/", document)
        if status in ACCEPTED and echo["id"] == document["id"] and echo["sha256"]:
            self.acknowledged.add(document["id"])
        return status

    def sync(self, documents: Sequence[Document]) -> int:
        """A bare 200 is no acknowledgement: each document has its own."""
        status, echo = self.ask("POST", "observations/sync/", {"observations": documents})
        if status == 200:
            self.acknowledged |= {
                one["id"]
                for one in echo["results"]
                if one["status"] in ("created", "unchanged", "revised")
            }
        return status

    def insist(self, documents: Sequence[Document], *, seconds: float = 60) -> None:
        """Sends what is not acknowledged, as it is, until all of it is."""
        end = time.monotonic() + seconds
        while left := [one for one in documents if one["id"] not in self.acknowledged]:
            assert time.monotonic() < end, (
                f"not acknowledged: {len(left)}; {Counter(self.troubles)}"
            )
            try:
                status = self.sync(left)
            except TROUBLE as error:
                self.troubles.append(type(error).__name__)
                time.sleep(0.1)
            else:
                if status != 200:
                    self.troubles.append(status)
                    time.sleep(0.1)


def _json_of(content: bytes) -> Any:
    """None where a server in trouble answers with a page."""
    try:
        return json.loads(content)
    except ValueError:
        return None


def at_once(tablets: Sequence[Tablet], documents: Sequence[Document]) -> list[int]:
    """What each tablet was answered for its document; all send at the same moment."""
    gate = threading.Barrier(len(tablets))
    answers = [0] * len(tablets)

    def send(number: int) -> None:
        gate.wait()
        answers[number] = tablets[number].put(documents[number])

    threads = [threading.Thread(target=send, args=[number]) for number in range(len(tablets))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
