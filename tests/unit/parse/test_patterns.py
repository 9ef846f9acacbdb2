"""No pattern of ours takes more than linear time, whatever it is fed."""

import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

import pytest

import services
import shared

LENGTHS = (5_000, 20_000, 100_000)
"""The shorter ones keep a pattern that is not linear from taking minutes to be found out."""
SHAPES = (
    "1", " ", "a", ".", "(", "-", "1 a ", "A, ", " - ", "12:30 ", "12/12/", "<a ", "<!--", "%2a@", "中", " \n",
)  # fmt: skip
END = "!"
IDLE = 0.05
"""Seconds that are linear in any case: a pattern that looks back before each of 100,000 characters takes more."""
RATIO = 8
"""Four times the text may take four times the time, and the machine is busy; a quadratic pattern takes sixteen."""
TRIES, SURE = 6, 1.0
"""Seconds that are no stumble, after two tries."""


def modules() -> Iterator[ModuleType]:
    for package in (services, shared):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def compiled(value: Any) -> Iterator[re.Pattern[Any]]:
    """The patterns in a module's value, or in what it holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, (tuple, list, set, frozenset)):
        for each in value:
            yield from compiled(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from compiled(each)


def patterns() -> dict[tuple[Any, int], tuple[str, bool]]:
    """Each pattern once, with where it stands, and whether it is only ever tried where a text begins."""
    return {
        (pattern.pattern, pattern.flags): (f"{module.__name__}.{name}", is_anchored(name, inspect.getsource(module)))
        for module in modules()
        for name, value in vars(module).items()
        for pattern in compiled(value)
    }


def is_anchored(name: str, source: str) -> bool:
    used = set(re.findall(rf"\b{name}\.(\w+)\(", source))
    return bool(used) and used <= {"match", "fullmatch"}


def seconds(pattern: re.Pattern[Any], text: Any, *, anchored: bool) -> float:
    began = time.process_time()
    pattern.fullmatch(text)
    for _ in () if anchored else pattern.finditer(text):
        pass
    return time.process_time() - began


@cache
def text_of(shape: str, length: int) -> str:
    return shape * (length // len(shape)) + END


def ratio(pattern: re.Pattern[Any], shape: str, *, anchored: bool) -> float:
    """How much longer four times the text takes, at the first length where that shows; at worst 25 and 100 KB."""
    return next((grown for whole in LENGTHS if (grown := _grown(pattern, shape, whole, anchored=anchored)) >= RATIO), 1)


def _grown(pattern: re.Pattern[Any], shape: str, length: int, *, anchored: bool) -> float:
    """Least time beside least time: a machine that stumbles slows a try, never hastens one."""
    quarter, whole = text_of(shape, length // 4), text_of(shape, length)
    both = (quarter.encode(), whole.encode()) if isinstance(pattern.pattern, bytes) else (quarter, whole)
    shorter = longer = float("inf")
    for attempt in range(TRIES):
        longer = min(longer, seconds(pattern, both[1], anchored=anchored))
        if longer < IDLE:
            return 1
        shorter = min(shorter, seconds(pattern, both[0], anchored=anchored))
        if longer < RATIO * max(shorter, IDLE / 16) or (attempt and longer > SURE):
            break
    return longer / max(shorter, IDLE / 16)


def test_every_pattern_is_found() -> None:
    found = {place for place, _ in patterns().values()}

    assert "services.parse.text.dateline._END" in found
    assert any(name.startswith("services.fetch") for name in found)
    assert len(found) > 50


@pytest.mark.parametrize(
    ("known", "place", "anchored"), [pytest.param(known, *found, id=found[0]) for known, found in patterns().items()]
)
def test_time_grows_with_the_length_of_the_text_and_no_faster(
    known: tuple[Any, int], place: str, *, anchored: bool
) -> None:
    flags = known[1] & ~re.UNICODE if isinstance(known[0], str) else known[1]
    pattern = re.compile(known[0], flags)

    slow = {shape: grown for shape in SHAPES if (grown := ratio(pattern, shape, anchored=anchored)) >= RATIO}

    assert not slow, f"{place} grows faster than its text"
