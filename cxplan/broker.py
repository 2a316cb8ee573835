"""kombu's Redis transport, with which a worker outlives the loss of its Redis.

In kombu 5.7 a channel that was closed with its connection still acknowledges what was under way, and
gives back what was not; the AttributeError of that ends the worker for good. Here it is the loss of
a connection, which the worker expects: nothing is missing, for the outbox is in the database.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError as ConnectionLost


class Channel(redis.Channel):
    def _connparams(self, *args: Any, **kwargs: Any) -> Any:
        transport: Any = self.connection
        if transport is None or transport.client is None:
            raise ConnectionLost("This channel was closed with its connection.")
        return super()._connparams(*args, **kwargs)  # type: ignore[misc]  # no stub has it


class Transport(redis.Transport):
    Channel = Channel
