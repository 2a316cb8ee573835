"""What is posted to an address that somebody typed: not into our network, not further, not for long."""

from __future__ import annotations

import ipaddress
import socket
import time
from typing import Any

import pytest

from alerts.posting import MOST_READ, NotAllowed, check_url, is_public, post
from alerts.tests.receiver import receiving


@pytest.fixture
def private(settings: Any) -> None:
    settings.WEBHOOKS_MAY_REACH_PRIVATE = True


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
    ],
)
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_a_public_address(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org:99999/",
        "gopher://example.org",
    ],
)
def test_an_address_that_is_never_asked(url: str) -> None:
    with pytest.raises(NotAllowed):
        check_url(url)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "[::1]"])
def test_nothing_reaches_this_machine(name: str) -> None:
    with receiving() as receiver:
        port = receiver.url.split(":")[2]
        with pytest.raises((NotAllowed, OSError)):
            post(f"http://{name}:{port}", b"{}", {})
        assert receiver.got == []


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*args: Any, **kwargs: Any) -> list[Any]:
        return [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(NotAllowed, match="private"):
        post("https://hooks.example/", b"{}", {})


@pytest.mark.usefixtures("private")
def test_the_address_that_was_checked_is_the_one_that_is_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []
    real = socket.getaddrinfo

    def resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1" if host == "hooks.example" else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with receiving() as receiver:
        port = receiver.url.split(":")[2].partition("/")[0]
        assert post(f"http://hooks.example:{port}/a?b=1", b"{}", {}).code == 200
        [(headers, body)] = receiver.got
    assert (headers["host"], body) == (f"hooks.example:{port}", b"{}")
    assert asked.count("hooks.example") == 1


@pytest.mark.usefixtures("private")
def test_a_redirect_is_an_answer_and_no_more() -> None:
    with receiving() as other, receiving(302, location=other.url) as receiver:
        assert post(receiver.url, b"{}", {}).code == 302
        assert other.got == []


@pytest.mark.usefixtures("private")
def test_of_a_long_answer_only_the_beginning_is_read() -> None:
    with receiving(body=b"x" * 1_000_000) as receiver:
        assert len(post(receiver.url, b"{}", {}).text) == MOST_READ


@pytest.mark.usefixtures("private")
def test_a_server_that_answers_drop_by_drop_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerts.posting.WHOLE", 0.3)
    with receiving(drip=True) as receiver:
        begun = time.monotonic()
        try:
            post(receiver.url, b"{}", {})
        except OSError:
            pass
        drops = time.monotonic() - begun
    assert drops < 100 * 0.05  # what it would take to hear it out


@pytest.mark.usefixtures("private")
def test_after_a_name_that_took_too_long_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerts.posting.WHOLE", 0.05)
    real = socket.getaddrinfo

    def resolve(*args: Any, **kwargs: Any) -> Any:
        time.sleep(0.1)
        return real(*args, **kwargs)

    with receiving() as receiver:
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        with pytest.raises(TimeoutError, match="the name took too long"):
            post(receiver.url, b"{}", {})
        assert receiver.got == []
