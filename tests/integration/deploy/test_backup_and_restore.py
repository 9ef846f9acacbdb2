"""NATS and OpenSearch backed up, lost and restored: docs/operations.md, step by step."""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import nats
import pytest

from deploy.local.home import jars_folder
from deploy.provision import ProvisionSettings, provision
from shared import opensearch
from shared.opensearch import ask
from tests.emptied import remove_indices
from tests.integration.deploy.backups import backup_all, restore
from tests.integration.deploy.conftest import Guarded
from tests.integration.pipeline.conftest import start_all, stop_all
from tests.pipeline import Pipeline, listening, prepare
from tests.servers import provider

URL = {"Newswire-Url": "https://harbour.example/pier"}
PAGE = """<html><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>The harbour board said on Monday that the eastern pier stays closed until its new beams are in place.</p>
<p>Ferries use the western pier until then, every twenty minutes, and carry bicycles free of charge all summer.</p>
</article></body></html>"""


def page(title: str) -> bytes:
    return PAGE.format(title=title).encode()


@contextmanager
def services(nats_url: str, search_url: str, folder: Path) -> Iterator[None]:
    folder.mkdir()
    stages = start_all(nats_url, search_url, folder, quick=False)
    try:
        yield
    finally:
        stop_all(stages)


@asynccontextmanager
async def searching(url: str) -> AsyncIterator[Any]:
    client = opensearch.connect(url)
    try:
        yield client
    finally:
        await client.close()


async def headline(pipeline: Pipeline, url: str) -> str:
    [found] = [each for each in (await pipeline.documents()).values() if each["url"] == url]
    return str(found["headline"])


async def drained(pipeline: Pipeline) -> None:
    """Until nothing waits and nothing is in hand."""
    async with asyncio.timeout(60):
        for stream, durable in (("RAW", "parse"), ("PARSED", "enrich"), ("ENRICHED", "index")):
            while (info := await pipeline.js.consumer_info(stream, durable)).num_pending or info.num_ack_pending:
                await asyncio.sleep(0.1)


SNAPSHOT = "/_snapshot/backup/one?wait_for_completion=true"


@pytest.mark.timeout(400)
async def test_after_both_were_restored_nothing_old_wins_and_an_edit_does(opensearch_url: str, tmp_path: Path) -> None:
    with provider().nats(tmp_path / "before") as server:
        await prepare(server.url, opensearch_url)
        async with listening(server.url, opensearch_url) as pipeline:
            with services(server.url, opensearch_url, tmp_path / "first"):
                first = await pipeline.fate(await pipeline.publish(page("Pier closed"), headers=URL))
                assert first.outcome == "indexed"
            waiting = await pipeline.publish(page("Pier still closed"), headers=URL)
            client = await nats.connect(server.url)
            kept = await backup_all(client)  # first NATS: what is in it is in OpenSearch already, or still waits
            await client.close()
            with services(server.url, opensearch_url, tmp_path / "second"):
                await pipeline.fate(waiting)
                edit = await pipeline.publish(page("Pier to open"), headers=URL)
                await pipeline.fate(edit)
                assert await headline(pipeline, URL["Newswire-Url"]) == "Pier to open"
        async with searching(opensearch_url) as search:  # then OpenSearch
            await ask(search, "PUT", "/_snapshot/backup", {"type": "fs", "settings": {"location": "backup"}})
            await ask(search, "PUT", SNAPSHOT, {"indices": "news-*", "include_global_state": False})
            await remove_indices(search)
            await ask(search, "POST", "/_snapshot/backup/one/_restore?wait_for_completion=true", {"indices": "news-*"})
            await ask(search, "DELETE", "/_snapshot/backup/one")

    with provider().nats(tmp_path / "after") as server:
        client = await nats.connect(server.url)
        for each in kept:
            await restore(client, each)
        async with listening(server.url, opensearch_url) as pipeline:
            with services(server.url, opensearch_url, tmp_path / "third"):
                assert (await pipeline.fate(waiting)).outcome == "skipped"
                await drained(pipeline)
                assert await headline(pipeline, URL["Newswire-Url"]) == "Pier to open", "what waited is older"
                early = await pipeline.publish(page("Pier open"), headers=URL)
                assert early == edit, "the restored stream gives numbers anew: why its epoch must end"
                await pipeline.fate(early)
                assert await headline(pipeline, URL["Newswire-Url"]) == "Pier to open", "taken for one that is indexed"
                await drained(pipeline)
            await pipeline.js.delete_stream("RAW")
            await pipeline.js.delete_stream("JOBS")
            settings = ProvisionSettings(nats_url=server.url, opensearch_url=opensearch_url)
            changes = await provision(settings, dry_run=False)
            assert "stream RAW" in {each.what for each in changes if each.kind == "create"}
        async with listening(server.url, opensearch_url) as pipeline:
            with services(server.url, opensearch_url, tmp_path / "fourth"):
                late = await pipeline.publish(page("Pier open at last"), headers=URL)
                assert (await pipeline.fate(late)).outcome == "indexed"
                assert await headline(pipeline, URL["Newswire-Url"]) == "Pier open at last"
        await client.close()


def command() -> str:
    """The real `nats` command: this machine's, or the one that the deployment's tests built."""
    found = shutil.which("nats") or shutil.which("nats", path=str(jars_folder().parent / "bin"))
    return found or pytest.skip("no nats command here")


def test_an_operator_may_make_backups_and_restore_them(guarded: Guarded, tmp_path: Path) -> None:
    operator = ("--server", guarded.url, "--nkey", str(guarded.seed("ctl")), "--inbox-prefix", "_INBOX_ctl")

    def run(*words: str) -> str:
        done = subprocess.run(
            [command(), *operator, *words],
            env=os.environ | {"HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("pub", "news.raw.interfax-ua", "kept", "--count", "20")
    before = json.loads(run("stream", "info", "RAW", "--json"))
    run("account", "backup", "--force", "--consumers", str(tmp_path / "backup"))
    run("stream", "rm", "--force", "RAW")
    run("stream", "restore", str(tmp_path / "backup" / "RAW"))
    after = json.loads(run("stream", "info", "RAW", "--json"))
    assert after["state"]["last_seq"] == before["state"]["last_seq"] >= 20
    assert after["state"]["messages"] == before["state"]["messages"]
    assert after["config"]["metadata"]["newswire-epoch"] == before["config"]["metadata"]["newswire-epoch"]
    assert json.loads(run("consumer", "info", "RAW", "parse", "--json"))["name"] == "parse"
