"""A small day of simulated sources; `make simulate` runs the large one, against all bars."""

from datetime import timedelta

import pytest

from tests.fakes.newsroom import Article
from tests.simulation.run import Raw, Stream, judge, simulate
from tests.simulation.world import START, Clock, Site, Story, Version, World, build


@pytest.mark.parametrize("seed", [3])
async def test_every_version_is_found_once(seed: int) -> None:
    world = build(12, seed)

    found = judge(world, await simulate(world, START + timedelta(hours=33)))

    assert (found.found, found.duplicates) == (found.versions, 0)
    assert (found.deletions_found, found.deletions_wrong) == (found.deletions, 0)
    assert found.versions > 50
    assert found.delay_ratio < 0.25
    assert found.fewer > 2
    assert found.closest >= 1


@pytest.mark.parametrize(
    ("hours", "seen", "verdict"),
    [(2, False, (0, 0, 1, 0)), (2, True, (1, 1, 0, 0)), (9, False, (1, 1, 0, 0)), (30, True, (0, 0, 0, 1))],
)
def test_a_deletion_is_wanted_of_what_was_seen_or_could_have_been(
    hours: int,
    seen: bool,  # noqa: FBT001
    verdict: tuple[int, int, int, int],
) -> None:
    story = Story(Article(1, START), [Version(START, 1), Version(START + timedelta(hours=hours), 1, gone=hours < 24)])
    site = Site("s", 4.0, full=False, feeds=1, validators=True, quirks=frozenset(), stories=[story])
    stream = Stream(World(Clock(), {"s": site}))
    if seen:
        stream.raws.append(Raw("s", "1", START, "Report x, number 1 in its edition 1."))
    if verdict[1] or verdict[3]:
        gone = '{"status": "canceled", "url": "https://s.example/news/story-1?utm_source=one"}'
        stream.raws.append(Raw("s", "2", START, gone))

    found = judge(stream.world, stream)

    assert (found.deletions, found.deletions_found, found.deletions_unseen, found.deletions_wrong) == verdict
