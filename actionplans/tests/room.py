"""Phones in the room of the workshop K7M2QX, as a test holds them."""

from __future__ import annotations

from uuid import uuid4

from django.test import Client

from actionplans.middleware import SCREEN
from actionplans.workshop_models import Workshop


def phone(name: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    assert client.post("/w/", {"code": "K7M2QX", "name": name}).status_code == 302
    return client


def say(client: Client, workshop: Workshop, text: str) -> None:
    idea = {"gap": workshop.gaps.get().pk, "client_id": uuid4(), "text": text}
    assert client.post("/w/room/ideas/", idea).status_code == 302


def shown(client: Client) -> str:
    return client.get(SCREEN).content.decode()
