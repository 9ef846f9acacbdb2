"""The bulk format and the strict reading of its answer."""

import asyncio
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.index.bulk import Item, Operation, chunks, items_of
from services.index.writer import Slots

TWO = [Operation("i", "a", 1, b"{}"), Operation("i", "b", 1, b"{}")]


def said(identity: str, status: int = 201, **more: Any) -> dict[str, Any]:
    return {"index": {"_index": "i", "_id": identity, "status": status, **more}}


@given(identity=st.text(max_size=40), text=st.text(max_size=200))
def test_an_operation_is_two_lines_whatever_it_holds(identity: str, text: str) -> None:
    body = orjson.dumps({"headline": text.encode("utf-8", "replace").decode()})
    identity = identity.encode("utf-8", "replace").decode()

    lines = Operation("news", identity, 7, body).lines().split(b"\n")

    assert len(lines) == 3
    assert orjson.loads(lines[0])["index"] == {
        "_index": "news", "_id": identity, "version": 7, "version_type": "external",
    }  # fmt: skip
    assert lines[1:] == [body, b""]


@given(sizes=st.lists(st.integers(2, 3_000), max_size=40), most=st.integers(1, 8))
def test_chunks_hold_everything_in_order_within_their_limits(sizes: list[int], most: int) -> None:
    ranges = list(chunks(sizes, most, 4_000))

    assert [n for start, end in ranges for n in range(start, end)] == list(range(len(sizes)))
    for start, end in ranges:
        assert 1 <= end - start <= most
        assert end - start == 1 or sum(sizes[start:end]) <= 4_000


def test_an_answer_says_what_became_of_each() -> None:
    refused = said("b", 400, error={"type": "mapper_parsing_exception", "reason": "x" * 5_000})

    found = items_of({"items": [said("a"), refused]}, TWO)

    assert found is not None
    assert found[0] == Item("done")
    assert found[1].disposition == "refused"
    assert len(found[1].detail) == 300


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "<html>",
        [],
        {},
        {"items": None},
        {"items": [said("a")]},
        {"items": [said("b"), said("a")]},
        {"items": [said("a"), said("b"), said("c")]},
        {"items": [said("a"), {"create": said("b")["index"]}]},
        {"items": [said("a"), {"index": {"_index": "i", "_id": "b"}}]},
        {"items": [said("a"), {"index": {"_index": "i", "_id": "b", "status": "fine"}}]},
        {"items": [said("a"), {"index": {"_index": "other", "_id": "b", "status": 201}}]},
        {"items": [said("a"), said("b", 400, error="text")]},
    ],
)
def test_anything_else_is_no_answer(answer: Any) -> None:
    assert items_of(answer, TWO) is None


async def test_slots_halve_at_once_and_grow_slowly() -> None:
    slots = Slots(most=4)
    for _ in range(100):
        slots.faster()
    assert slots.limit == 4

    slots.slower()
    assert slots.limit == 2
    for _ in range(19):
        slots.faster()
    assert int(slots.limit) == 2

    for _ in range(10):
        slots.slower()
    assert slots.limit == 1


async def test_no_more_bulks_are_under_way_than_there_are_slots() -> None:
    slots, under_way, most = Slots(), 0, 0

    async def one() -> None:
        nonlocal under_way, most
        async with slots:
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1

    await asyncio.gather(*(one() for _ in range(9)))

    assert most == 2
