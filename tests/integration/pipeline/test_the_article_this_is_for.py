"""The page the project started from, published bare in every way, found with every field as it should be."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nats
import pytest

from shared.subjects import RAW
from tests.pipeline import Pipeline

DATA = Path(os.environ.get("NEWSWIRE_DATA", Path(__file__).parents[4] / "shared" / "data"))
SEED = DATA / "seed" / "article.txt"
HEADLINE = "Ukraine, NATO to sign agreement on cooperation in innovation at summit in Washington"

pytestmark = pytest.mark.skipif(not SEED.is_file(), reason=f"{SEED} is not here")


def newswire(running: tuple[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    known = {"NEWSWIRE_NATS_URL": running[0], "NEWSWIRE_OPENSEARCH_URL": running[1]}
    return subprocess.run(
        [sys.executable, "-m", "services.ctl", *arguments],
        env=os.environ | known, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip


async def seed_documents(pipeline: Pipeline) -> list[dict[str, Any]]:
    return [each for each in (await pipeline.documents()).values() if each["source"] == "interfax-ua"]


async def test_published_by_the_command_it_is_found_with_every_field(
    running: tuple[str, str], pipeline: Pipeline
) -> None:
    published = newswire(running, "publish", "--source", "interfax-ua", "--wait", str(SEED))
    assert published.returncode == 0, published.stderr
    found = newswire(running, "search", "NATO agreement innovation", "--json")
    assert found.returncode == 0, found.stderr
    first = json.loads(found.stdout.splitlines()[0])
    assert first["headline"] == HEADLINE
    [document] = await seed_documents(pipeline)
    assert_every_field(document)


def assert_every_field(document: dict[str, Any]) -> None:
    assert document["headline"] == HEADLINE
    assert HEADLINE not in document["body"]
    assert document["published_at"] == "2024-06-07T17:50:00Z"
    assert document["published_precision"] == "minute"
    assert document["published_raw"] == "20:50 07.06.2024"
    assert (document["published_zone"], document["published_zone_source"]) == ("Europe/Kyiv", "profile")
    assert document["read_minutes"] == 2
    assert document["keywords"] == ["collaboration", "nato", "innovations", "plans"]
    assert document["language"] == "en"
    paragraphs = document["body"].split("\n\n")
    assert len(paragraphs) == 7
    assert paragraphs[0].startswith("Ukraine and NATO will sign the first-ever agreement")
    assert paragraphs[-1].endswith("the NATO assistant secretary general said.")
    kinds = [each["kind"] for each in document["related"]]
    assert (kinds.count("related"), kinds.count("hot"), kinds.count("latest")) == (10, 5, 10)
    assert document["related"][0]["published_at"] == "2024-06-07T16:19:00Z"
    assert not [each["title"] for each in document["related"] if each["title"] in document["body"]]
    text = SEED.read_text()
    assert "".join(text[each["start"] : each["end"]] for each in document["blocks"]) == text
    advertisements = [text[b["start"] : b["end"]].strip() for b in document["blocks"] if b["kind"] == "advertisement"]
    assert advertisements == ["AD"] * 5
    assert {"headline", "published_at", "read_minutes", "keywords", "body", "related"} <= set(document["evidence"])


@pytest.mark.parametrize("way", ["command", "core", "jetstream"])
async def test_published_again_in_any_way_it_is_unchanged_and_still_one_document(
    running: tuple[str, str], pipeline: Pipeline, way: str
) -> None:
    await _publish(running, pipeline, "jetstream")
    seen = set(pipeline.fates)
    await _publish(running, pipeline, way)
    [origin] = set(pipeline.fates) - seen
    assert (pipeline.fates[origin][0].outcome, pipeline.fates[origin][0].reason) == ("skipped", "unchanged")
    assert len(await seed_documents(pipeline)) == 1


async def _publish(running: tuple[str, str], pipeline: Pipeline, way: str) -> None:
    before = len(pipeline.fates)
    if way == "command":
        assert newswire(running, "publish", "--source", "interfax-ua", str(SEED)).returncode == 0
    elif way == "core":
        client = await nats.connect(running[0])
        await client.publish(RAW.of("interfax-ua"), SEED.read_bytes())
        await client.drain()
    else:
        await pipeline.publish(SEED.read_bytes(), "interfax-ua")
    async with asyncio.timeout(30):
        while len(pipeline.fates) == before:
            await asyncio.sleep(0.05)
