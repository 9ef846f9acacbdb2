"""Signatures and questions of hubs."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.problems import Problem
from services.intake.websub import METHODS, confirmed, is_signed
from shared.contracts import Subscription

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ASKED = Subscription(
    id="0" * 32, source="harbour", feed="https://news.example/feed", hub="https://hub.example/",
    topic="https://news.example/self", secret="s" * 64, asked_at=NOW,
)  # fmt: skip
GOOD = {"hub.mode": "subscribe", "hub.topic": ASKED.topic, "hub.challenge": "c", "hub.lease_seconds": "3600"}


def signature(body: bytes, method: str = "sha256", secret: str = ASKED.secret) -> str:
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_signature_of_each_method_is_known(method: str) -> None:
    assert is_signed(ASKED.secret, b"feed", signature(b"feed", method))
    assert is_signed(ASKED.secret, b"feed", signature(b"feed", method).replace("=", "=").upper().replace("SHA", "sha"))
    assert not is_signed(ASKED.secret, b"food", signature(b"feed", method))
    assert not is_signed("other", b"feed", signature(b"feed", method))


def test_the_vectors_of_rfc_4231() -> None:
    """HMAC-SHA-256 and -512, test case 2."""
    body = b"what do ya want for nothing?"
    assert is_signed("Jefe", body, "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    assert is_signed(
        "Jefe", body,
        "sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd"
        "caeab1a34d4a6b4b636e070a38bce737",
    )  # fmt: skip


@pytest.mark.parametrize(
    "header",
    ["", "sha256", "sha256=", "=", "sha256=zz", f"md5={'0' * 40}", f"sha224={hashlib.sha224().hexdigest()}",
     f"sha256={'0' * 40}", signature(b"feed")[:-1], signature(b"feed") + "0", f"sha256={'0' * 5_000}"],
)  # fmt: skip
def test_anything_else_is_no_signature(header: str) -> None:
    assert not is_signed(ASKED.secret, b"feed", header)


@given(st.text(max_size=200), st.binary(max_size=50))
def test_nobody_signs_by_chance(header: str, body: bytes) -> None:
    assert not is_signed(ASKED.secret, body, header)


def test_what_was_asked_for_is_confirmed_with_the_challenge() -> None:
    told, challenge = confirmed(ASKED, GOOD, NOW)
    assert challenge == "c"
    assert (told.state, told.asked_at, told.lease_until) == ("subscribed", NOW, NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("stated", "lease"),
    [("0", timedelta(minutes=1)), ("9" * 30, timedelta(days=90)), ("-5", timedelta(days=1)), ("", timedelta(days=1))],
)
def test_a_lease_is_within_bounds(stated: str, lease: timedelta) -> None:
    assert confirmed(ASKED, GOOD | {"hub.lease_seconds": stated}, NOW)[0].lease_until == NOW + lease


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"hub.topic": "https://other.example/"}, 404),
        ({"hub.mode": "unsubscribe"}, 404),
        ({"hub.mode": ""}, 404),
        ({"hub.challenge": ""}, 400),
        ({"hub.challenge": "c" * 2_001}, 400),
    ],
)
def test_what_was_not_asked_for_is_not(other: dict[str, str], status: int) -> None:
    with pytest.raises(Problem) as found:
        confirmed(ASKED, GOOD | other, NOW)
    assert found.value.status == status


def test_a_denial_keeps_its_reason() -> None:
    told, _ = confirmed(ASKED, {"hub.mode": "denied", "hub.topic": ASKED.topic, "hub.reason": "x" * 900}, NOW)
    assert (told.state, len(told.reason), told.lease_until) == ("denied", 500, None)


def test_the_end_is_confirmed_when_it_was_asked_for_and_only_then() -> None:
    end, ending = GOOD | {"hub.mode": "unsubscribe"}, ASKED.model_copy(update={"leaving": 1})
    told, challenge = confirmed(ending, end, NOW)
    assert (told.state, told.asked_at, told.lease_until, challenge) == ("unsubscribed", NOW, None, "c")
    with pytest.raises(Problem, match="not_found"):
        confirmed(ASKED, end, NOW)
    with pytest.raises(Problem, match="not_found"):
        confirmed(ending, GOOD, NOW)
