"""A cluster of three: streams with three copies by one setting, and a node that dies costs nothing."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import nats.errors
import nats.js.errors
import pytest
from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo, StreamInfo

import deploy.nats.provision as provisioning
from deploy.nats.provision import Sizing, provision
from shared import subjects
from shared.subjects import BUCKETS, STREAMS
from tests.integration.deploy import cluster as clusters
from tests.integration.deploy.cluster import Cluster
from tests.quick import quicken
from tests.wire import Stage

GB = 1024**3


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """Three nodes, starting; what dies in somebody's hand is delivered again soon."""
    for name, row in list(subjects.STAGES.items()):
        monkeypatch.setitem(subjects.STAGES, name, row)
    monkeypatch.setattr(provisioning, "CONSUMERS", provisioning.CONSUMERS)
    quicken()
    made = clusters.build(tmp_path)
    for node in made.nodes.values():
        node.start()
    yield made
    for node in made.nodes.values():
        node.stop()


async def provisioned(cluster: Cluster, replicas: int) -> set[tuple[str, str]]:
    async with cluster.client("provision") as client:
        changes = await provision(client.jetstream(timeout=20), Sizing(GB, replicas), dry_run=False)
    return {(each.kind, each.what) for each in changes}


def complete(info: StreamInfo | ConsumerInfo) -> bool:
    """Whether there are two more copies, as good as the leader's."""
    replicas = (info.cluster.replicas if info.cluster else None) or []
    return len(replicas) == 2 and all(each.current for each in replicas)


async def accepted(js: JetStreamContext, number: int) -> None:
    """Publish until there is a PubAck, as any publisher that is told of a failure."""
    headers = {"Newswire-Origin": f"1:{number}:0", "Nats-Msg-Id": f"parse:1:{number}:0:0"}
    while True:
        try:
            await js.publish("news.parsed.x", json.dumps({"do": "ok"}).encode(), headers=headers, timeout=2)
        except (nats.errors.Error, nats.js.errors.Error, TimeoutError):
            await asyncio.sleep(0.1)
        else:
            return


async def origins(js: JetStreamContext, stream: str) -> list[int]:
    """The sequences in the origins of what a stream holds."""
    state = (await js.stream_info(stream)).state
    found = [await js.get_msg(stream, number) for number in range(max(1, state.first_seq), state.last_seq + 1)]
    return [int((each.headers or {})["Newswire-Origin"].split(":")[1]) for each in found]


async def until_settled(js: JetStreamContext, count: int, seconds: float = 90) -> None:
    async with asyncio.timeout(seconds):
        while True:
            try:
                info = await js.consumer_info("PARSED", "enrich", timeout=2)
                done = not info.num_pending and not info.num_ack_pending
                if done and (await js.stream_info("ENRICHED")).state.messages >= count:
                    return
            except (nats.errors.Error, nats.js.errors.Error, TimeoutError):
                pass
            await asyncio.sleep(0.2)


async def test_copies_are_a_setting_that_can_be_changed_later(cluster: Cluster) -> None:
    await cluster.await_ready()
    assert {kind for kind, _ in await provisioned(cluster, 1)} == {"create"}
    everything = {f"stream {each.name}" for each in STREAMS} | {f"bucket {each.name}" for each in BUCKETS}

    assert {what for kind, what in await provisioned(cluster, 3) if kind == "update"} == everything

    assert {kind for kind, _ in await provisioned(cluster, 3)} == {"same"}
    async with cluster.client("ctl") as client:
        js = client.jetstream(timeout=10)
        async with asyncio.timeout(90):
            for stream in [*(each.name for each in STREAMS), *(f"KV_{each.name}" for each in BUCKETS)]:
                while not complete(await js.stream_info(stream)):
                    await asyncio.sleep(0.1)
            for each in provisioning.CONSUMERS:
                while not complete(await js.consumer_info(each.stream, each.durable)):
                    await asyncio.sleep(0.1)


async def test_a_node_that_dies_costs_nothing(cluster: Cluster, tmp_path: Path) -> None:
    await cluster.await_ready()
    await provisioned(cluster, 3)
    async with cluster.client("parse") as publisher, cluster.client("ctl") as operator:
        js, looking = publisher.jetstream(timeout=2), operator.jetstream(timeout=5)
        first = await clusters.leader(looking, "PARSED")
        (tmp_path / "stage").mkdir()
        key = {"NEWSWIRE_NATS_NKEY_FILE": str(cluster.seed("enrich"))}
        stage = Stage(cluster.nodes[first].url, tmp_path / "stage", env=key, quick=True).start()
        try:
            await asyncio.to_thread(stage.await_ready)
            for number in range(1, 31):
                await accepted(js, number)
            cluster.nodes[first].kill()
            for number in range(31, 61):
                await accepted(js, number)
            assert await clusters.leader(looking, "PARSED", other_than=first) != first
            await until_settled(looking, 60)

            assert sorted(await origins(looking, "ENRICHED")) == list(range(1, 61)), "each once, none lost"

            cluster.nodes[first].start()
            await cluster.await_ready()
            async with asyncio.timeout(60):
                while not complete(await looking.stream_info("PARSED")):
                    await asyncio.sleep(0.2)
        finally:
            stage.kill()


async def test_the_leader_of_a_consumer_says_where_the_autoscaler_asks_how_much_waits(cluster: Cluster) -> None:
    await cluster.await_ready()
    await provisioned(cluster, 3)
    async with cluster.client("parse") as client:
        await accepted(client.jetstream(timeout=5), 1)
    [one, *_] = cluster.nodes.values()
    told = consumer_of(one.monitor)
    assert told["cluster"]["leader"] in cluster.nodes, "KEDA goes to the leader by the name of its pod"
    assert consumer_of(cluster.nodes[told["cluster"]["leader"]].monitor)["num_pending"] == 1


def consumer_of(monitor: int) -> dict[str, Any]:
    """What KEDA's scaler reads of the consumer enrich."""
    with urlopen(f"http://127.0.0.1:{monitor}/jsz?acc=NEWS&consumers=true&config=true", timeout=5) as answer:
        described = json.load(answer)
    assert described["meta_cluster"]["cluster_size"] == 3
    [account] = described["account_details"]
    [stream] = [each for each in account["stream_detail"] if each["name"] == "PARSED"]
    [consumer] = stream["consumer_detail"]
    assert (account["name"], consumer["name"]) == ("NEWS", "enrich")
    return dict(consumer)


async def test_a_server_that_does_not_know_the_password_is_no_node(cluster: Cluster, tmp_path: Path) -> None:
    await cluster.await_ready()
    [one, *_] = cluster.nodes.values()
    stranger = one.impostor(tmp_path / "stranger")
    stranger.start()
    try:
        async with asyncio.timeout(20):
            while "authentication error" not in one.child.log.read_text():
                await asyncio.sleep(0.1)
        with urlopen(f"http://127.0.0.1:{one.monitor}/routez", timeout=5) as answer:
            assert "stranger" not in answer.read().decode()
    finally:
        stranger.stop()
