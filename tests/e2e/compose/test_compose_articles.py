"""What people do with a deployment: publish, find, replay, look around; start and stop it."""

import asyncio
import json
import os
import subprocess
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
async def test_the_seed_article_is_published_bare_and_found_with_its_fields(
    deployment: Deployment, nats_command: Path
) -> None:
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
    await _publish_by_command(deployment, nats_command, "interfax-ua", SEED.read_bytes())
    async with deployment.nats() as client:
        js = client.jetstream()
        async with asyncio.timeout(60):
            while len(ends := await outcomes(js, "interfax-ua")) < 2:
                await asyncio.sleep(0.3)
    assert list(ends.values()) == [1, 1]
    assert not [each for each in _letters(deployment) if each["source"] == "interfax-ua"]
    (again,) = await deployment.articles("interfax-ua")
    same = ("article_id", "revision_id", "first_seen_at", "headline", "body", "published_at")
    assert [again[name] for name in same] == [found[name] for name in same], "the same article, one document"


async def _publish_by_command(deployment: Deployment, nats_command: Path, source: str, body: bytes) -> None:
    """As the README has it, with the publisher's key."""
    key = ["--nkey", str(deployment.folder / "publisher.nk"), "--inbox-prefix", "_INBOX_publisher"]
    command = [
        str(nats_command),
        "--server",
        deployment.settings().nats_url,
        *key,
        "pub",
        "--force-stdin",
        f"news.raw.{source}",
    ]
    done = subprocess.run(command, input=body, capture_output=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr


def test_the_nats_command_works_with_the_login(deployment: Deployment, nats_command: Path, tmp_path: Path) -> None:
    """As docs/operations.md has it: nothing but the file `env` of `newswire creds --save`."""
    backup = f"{nats_command} account backup --force --consumers {tmp_path}/nats"
    script = f"set -ae; . {deployment.folder}/env; {nats_command} stream report; {backup}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ENRICHED" in done.stdout
    assert {"RAW", "PARSED", "ENRICHED", "EVENTS", "DLQ"} <= {each.name for each in (tmp_path / "nats").iterdir()}


async def test_who_has_no_key_publishes_nothing(deployment: Deployment) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", deployment.numbers["NATS"])
    writer.write(b'CONNECT {"verbose":false}\r\nPUB news.raw.stranger 4\r\nnews\r\n')
    said = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    assert b"-ERR 'Authorization Violation'" in said


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
