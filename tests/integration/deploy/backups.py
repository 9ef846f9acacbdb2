"""Backups of streams as the server makes them, by its API: what `nats account backup` and `restore` do."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client

API = "$JS.API.STREAM"
CHUNK = 128 * 1024


@dataclass(frozen=True)
class Backup:
    """One stream: its configuration and state, and its messages and consumers packed by the server."""

    config: dict[str, Any]
    state: dict[str, Any]
    parts: list[bytes]


async def backup(client: Client, name: str) -> Backup:
    inbox = client.new_inbox()
    sub = await client.subscribe(inbox)
    described = await _ask(client, f"{API}.SNAPSHOT.{name}", {"deliver_subject": inbox, "chunk_size": CHUNK})
    parts: list[bytes] = []
    async with asyncio.timeout(30):
        while (part := await sub.next_msg(30)).data:
            parts.append(part.data)
            if part.reply:  # the server waits for some of them to be confirmed
                await client.publish(part.reply, b"")
    await sub.unsubscribe()
    return Backup(described["config"], described["state"], parts)


async def restore(client: Client, kept: Backup) -> None:
    wanted = {"config": kept.config, "state": kept.state}
    place = (await _ask(client, f"{API}.RESTORE.{kept.config['name']}", wanted))["deliver_subject"]
    for part in kept.parts:
        await client.request(place, part, timeout=30)
    done = json.loads((await client.request(place, b"", timeout=30)).data)
    assert "error" not in done, done


async def backup_all(client: Client) -> list[Backup]:
    listed = await _ask(client, f"{API}.NAMES", {})
    return [await backup(client, name) for name in listed["streams"]]


async def _ask(client: Client, subject: str, body: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((await client.request(subject, json.dumps(body).encode(), timeout=30)).data)
    assert "error" not in answer, answer
    return answer
