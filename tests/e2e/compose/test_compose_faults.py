"""Crashes and outages of a deployment under load: each accepted message has one outcome, each article one document."""

import asyncio
import gc
import time
from contextlib import suppress

import nats.errors
import pytest
from nats.js import JetStreamContext
from nats.js.errors import APIError

from tests.e2e.compose.conftest import CRASHES, SERVICES, Deployment, epoch, outcomes, settled
from tests.integration.pipeline.test_nothing_is_lost import body, url

SOURCE = "faults"
EVERY = 0.1
"""Seconds between two articles."""
DEATHS = 2


class Publisher:
    """Publishes until it is told to stop; each article until its PubAck comes, and a job with every fifth.

    The jobs' pages are where fetch may not go, so each of them becomes a dead letter.
    """

    def __init__(self, js: JetStreamContext) -> None:
        self.js, self.accepted, self.jobs, self.stopped = js, dict[int, int](), set[str](), False

    async def run(self) -> None:
        number = 0
        while not self.stopped:
            headers = {"Nats-Msg-Id": f"faults:{number}", "Newswire-Url": url(number)}
            with suppress(nats.errors.Error, TimeoutError, APIError, OSError):
                ack = await self.js.publish(f"news.raw.{SOURCE}", body(number), headers=headers, timeout=2)
                self.accepted[number] = ack.seq
                if number % 5 == 0:
                    await self.js.publish(f"jobs.fetch.job-{number}", b'{"url": "http://10.0.0.1/"}', timeout=2)
                    self.jobs.add(f"dlq.fetch.job-{number}")
                number += 1
            await asyncio.sleep(EVERY)


@pytest.mark.timeout(3_000)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
async def test_through_outages_and_crashes_each_message_has_one_outcome(deployment: Deployment) -> None:
    async with deployment.nats() as client:
        js = client.jetstream()
        publisher = Publisher(js)
        task = asyncio.create_task(publisher.run())
        await asyncio.to_thread(_break_everything, deployment)
        publisher.stopped = True
        await task
        await settled(js)
        first, found = await epoch(js), await outcomes(js, SOURCE)
        letters = (await js.stream_info("DLQ", subjects_filter="dlq.fetch.>")).state.subjects or {}
    del client, js  # the client leaves its lost connections to the collector, which complains of them
    gc.collect()
    assert len(publisher.accepted) > 300
    assert {subject: count for subject, count in letters.items() if count != 1} == {}
    assert publisher.jobs <= letters.keys()
    assert set(found) == {f"{first}:{sequence}:0" for sequence in publisher.accepted.values()}
    assert {origin: count for origin, count in found.items() if count != 1} == {}
    newest = {url(n): n for n in sorted(publisher.accepted) if n % 30 != 29 and n % 20 != 19}
    documents = {each["url"]: each for each in await deployment.articles(SOURCE)}
    assert len(documents) == len(await deployment.articles(SOURCE))
    assert set(documents) == set(newest)
    assert [place for place, n in newest.items() if f"Version {n}:" not in documents[place]["body"]] == []


def _break_everything(deployment: Deployment) -> None:
    """OpenSearch away for a minute, NATS killed, every stage killed, and each dying at its worst moment for a while."""
    deployment.compose("stop", "opensearch")
    time.sleep(60)
    assert _health(deployment, "index") == "unhealthy"
    assert {_health(deployment, each) for each in ("fetch", "parse", "enrich")} == {"healthy"}
    deployment.compose("start", "opensearch")
    deployment.crash("nats")
    time.sleep(3)
    for service in SERVICES:
        deployment.crash(service)
        time.sleep(1)
    for service in ("index", "enrich", "parse", "fetch"):  # the last first: it has work while the others still work
        _die_at_the_worst_moment(deployment, service)
    deployment.up()


def _health(deployment: Deployment, service: str) -> str:
    return str(deployment.inspect(service)["State"]["Health"]["Status"])


def _die_at_the_worst_moment(deployment: Deployment, service: str) -> None:
    """Let the service die of its messages until it was started anew twice, and leave it in order."""
    over = ("-f", "docker-compose.yml", "-f", str(CRASHES))
    deployment.compose(*over, "up", "--detach", "--no-deps", service)
    deadline = time.monotonic() + 300  # OpenSearch is starting, and may be slow
    while deployment.inspect(service)["RestartCount"] < DEATHS:
        assert time.monotonic() < deadline, f"{service} did not die"
        time.sleep(0.5)
    deployment.compose("up", "--detach", "--no-deps", service)
