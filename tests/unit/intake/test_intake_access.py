"""Tokens and limits, on a clock of their own."""

import hashlib
from collections import Counter
from contextlib import ExitStack, suppress
from datetime import UTC, datetime

import pytest

from services.intake.access import AT_ONCE, HANDS, Hands, Limiter, Register
from services.intake.problems import Problem
from shared.contracts import Access, AccessToken


def access(source: str = "harbour", *tokens: str, **limits: int) -> Access:
    hashes = [hashlib.sha256(each.encode()).hexdigest() for each in tokens]
    kept = tuple(AccessToken(id=each[:12], sha256=each, created_at=datetime.now(UTC)) for each in hashes)
    return Access.model_validate({"source": source, "tokens": kept, **limits})


def register(*known: Access) -> Register:
    found = Register()
    for each in known:
        found.put(each.source, each)
    found.loaded = True
    return found


def refused(name: str) -> object:
    return pytest.raises(Problem, match=f"^{name}: ")


def test_each_of_a_sources_tokens_opens_it_and_no_other() -> None:
    known = register(access("harbour", "one", "two"), access("wire", "three"))
    assert known.opened("harbour", "Bearer one").source == "harbour"
    assert known.opened("harbour", "bearer  two ").source == "harbour"
    with refused("other_source"):
        known.opened("wire", "Bearer one")
    with refused("other_source"):
        known.opened("nobodys", "Bearer one")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic one", "one", "Bearer " + "x" * 201])
def test_without_a_token_there_is_a_challenge(header: str) -> None:
    with refused("token_missing") as found:
        register(access("harbour", "one")).opened("harbour", header)
    assert found.value.headers["WWW-Authenticate"].startswith("Bearer")
    assert found.value.status == 401


@pytest.mark.parametrize("token", ["On", "One", "one\udcff", hashlib.sha256(b"one").hexdigest()])
def test_another_token_is_not_known_and_neither_is_a_hash(token: str) -> None:
    with refused("token_unknown"):
        register(access("harbour", "one")).opened("harbour", f"Bearer {token}")


def test_a_revoked_token_opens_nothing() -> None:
    known = register(access("harbour", "one", "two"))
    known.put("harbour", access("harbour", "two"))
    with refused("token_unknown"):
        known.opened("harbour", "Bearer one")
    known.put("harbour", None)
    with refused("token_unknown"):
        known.opened("harbour", "Bearer two")


def test_a_value_under_another_sources_name_opens_nothing() -> None:
    known = register()
    known.put("wire", access("harbour", "one"))
    with refused("token_unknown"):
        known.opened("wire", "Bearer one")


def test_before_tokens_are_read_nobody_is_called_a_stranger() -> None:
    with refused("unavailable") as found:
        Register().opened("harbour", "Bearer one")
    assert found.value.headers["Retry-After"] == "2"


def spend(limiter: Limiter, who: Access, now: float, messages: int = 1, size: int = 0) -> None:
    limiter.admit(who, now)
    limiter.charge(who.source, messages=messages, size=size)


def test_messages_come_back_evenly() -> None:
    limiter, who = Limiter(), access(messages_per_minute=60)
    for _ in range(60):
        spend(limiter, who, 0.0)
    with refused("rate_limited") as found:
        spend(limiter, who, 0.5)
    assert found.value.headers["Retry-After"] == "1"
    spend(limiter, who, 1.0)
    with refused("rate_limited"):
        spend(limiter, who, 1.5)
    spend(limiter, who, 1_000.0, messages=60)


def test_what_was_overdrawn_has_to_come_back_first() -> None:
    limiter, who = Limiter(), access(bytes_per_minute=60_000)
    spend(limiter, who, 0.0, size=120_000)
    with refused("rate_limited") as found:
        spend(limiter, who, 30.0)
    assert found.value.headers["Retry-After"] == "31"
    spend(limiter, who, 61.0)


def test_other_limits_count_from_now_on_and_other_sources_are_not_concerned() -> None:
    limiter = Limiter()
    spend(limiter, access(messages_per_minute=1), 0.0)
    spend(limiter, access("wire", messages_per_minute=1), 0.0)
    with refused("rate_limited"):
        spend(limiter, access(messages_per_minute=1), 1.0)
    spend(limiter, access(messages_per_minute=5), 1.0)


def test_a_source_has_so_many_requests_under_way_and_each_that_ends_makes_room() -> None:
    hands, held = Hands(), ExitStack()
    for _ in range(AT_ONCE):
        held.enter_context(hands.taken("harbour"))
    with refused("rate_limited"), hands.taken("harbour"):
        pass
    held.close()
    with hands.taken("harbour"):
        pass


def test_the_fewer_hands_are_free_the_fewer_a_source_gets_and_others_find_one() -> None:
    hands, held = Hands(), Counter[str]()
    with ExitStack() as stack:
        for source in "abcdefg":
            with suppress(Problem):
                for _ in range(AT_ONCE):
                    stack.enter_context(hands.taken(source))
                    held[source] += 1
        assert dict(held) == {"a": 4, "b": 4, "c": 4, "d": 2, "e": 1, "f": 1}
        assert held.total() == HANDS
        with refused("busy") as found, hands.taken("g"):
            pass
        assert found.value.headers["Retry-After"] == "1"
    with hands.taken("g"):
        pass
