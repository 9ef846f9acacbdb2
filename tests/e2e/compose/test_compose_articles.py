"""What people do with a deployment: publish, find, replay, look around; start and stop it."""

import json
import os
from pathlib import Path

import pytest

from tests.e2e.compose.conftest import Deployment, epoch, outcomes, settled

DATA = Path(os.environ.get("NEWSWIRE_DATA", Path(__file__).parents[4] / "shared" / "data"))
SEED = DATA / "seed" / "article.txt"
HEADLINE = "Ukraine, NATO to sign agreement on cooperation in innovation at summit in Washington"
PAGE = """<html lang="en"><head><title>{0}</title></head><body><article><h1>{0}</h1>
<p>The council voted on Tuesday to rebuild the old lighthouse of {0} before winter comes to the island.</p>
<p>Work begins next week, the mayor said, and the ferry levy pays for half of everything that is to be done.</p>
<p>Fishermen had asked for the light for years, after two boats ran aground on the northern reef.</p></article>"""


@pytest.mark.skipif(not SEED.exists(), reason=f"there is no {SEED}; set NEWSWIRE_DATA")
async def test_the_seed_article_is_published_bare_and_found_with_its_fields(deployment: Deployment) -> None:
    async with deployment.nats("publisher") as client:
        await client.publish("news.raw.interfax-ua", SEED.read_bytes())
        await client.flush()
    (found,) = await deployment.until("interfax-ua", 1)
    assert found["headline"] == HEADLINE
    assert found["published_at"] == "2024-06-07T17:50:00Z"
    assert found["published_raw"] == "20:50 07.06.2024"
    assert found["published_zone"] == "Europe/Kyiv"
    assert found["language"] == "en"
    assert found["section"] == "Facts"
    assert found["body"].count("\n\n") == 6
    assert json.loads(deployment.ctl("search", "--json", "NATO agreement"))["headline"] == HEADLINE


async def test_a_broken_body_is_a_dead_letter_that_can_be_replayed(deployment: Deployment) -> None:
    async with deployment.nats("publisher") as client:
        ack = await client.jetstream().publish(
            "news.raw.broken", b'{"body": NaN', headers={"Content-Type": "application/json"}
        )
    async with deployment.nats() as client:
        js = client.jetstream()
        origin = f"{await epoch(js)}:{ack.seq}"
        await settled(js)
        (letter,) = [each for each in _letters(deployment) if each["source"] == "broken"]
        assert letter["origin"] == f"{origin}:0"
        deployment.ctl("dlq", "replay", str(letter["number"]))
        await settled(js)
        (again,) = [each for each in _letters(deployment) if each["source"] == "broken"]
        assert again["origin"] == f"{origin}:1"


def _letters(deployment: Deployment) -> list[dict[str, str]]:
    return [json.loads(line) for line in deployment.ctl("dlq", "list", "--json").splitlines()]


async def test_a_publisher_publishes_its_own_sources_only(deployment: Deployment) -> None:
    async with deployment.nats("narrow") as client:
        await client.jetstream().publish("news.raw.one-source", PAGE.format("One Source").encode())
        await client.publish("news.raw.not-mine", PAGE.format("Not Mine").encode())
        await client.flush()
    await deployment.until("one-source", 1)
    async with deployment.nats() as client:
        subjects = (await client.jetstream().stream_info("RAW", subjects_filter="news.raw.*")).state.subjects or {}
    assert "news.raw.not-mine" not in subjects


async def test_provisioning_and_secrets_again_change_nothing(deployment: Deployment) -> None:
    before = _digests(deployment)
    said = deployment.compose("run", "--rm", "-T", "provision").splitlines()[-1]
    count = said.split(" of ")
    assert count[0] == count[1].split()[0], said
    deployment.compose("run", "--rm", "-T", "secrets")
    assert _digests(deployment) == before


def _digests(deployment: Deployment) -> str:
    command = "find /secrets -type f | sort | xargs sha256sum"
    return deployment.compose("run", "--rm", "-T", "--entrypoint", "sh", "secrets", "-c", command)


async def test_down_and_up_again_keeps_the_articles(deployment: Deployment) -> None:
    async with deployment.nats("publisher") as client:
        await client.jetstream().publish("news.raw.kept", PAGE.format("Kept Harbour").encode())
    (before,) = await deployment.until("kept", 1)
    deployment.compose("down", "--timeout", "30")
    deployment.up()
    (after,) = await deployment.until("kept", 1)
    assert after == before
    async with deployment.nats() as client:
        js = client.jetstream()
        assert sorted((await outcomes(js, "kept")).values()) == [1]
        await client.jetstream().publish("news.raw.kept", PAGE.format("Kept Meadow").encode())
    await deployment.until("kept", 2)


def test_secrets_are_in_no_log(deployment: Deployment) -> None:
    logs = deployment.compose("logs", "--no-color")
    for path in (*deployment.folder.glob("*.nk"), *deployment.folder.glob("*.password")):
        assert path.read_text().strip() not in logs
