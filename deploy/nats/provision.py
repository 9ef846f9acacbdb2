# Parts of the signatures of nats-py have no types.
# pyright: reportUnknownMemberType=false
"""Streams, consumers and buckets: one job owns them, shows what it would change, and refuses to destroy.

Everything comes from the table in shared/subjects.py; services only bind to what this made.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from nats.js import JetStreamContext
from nats.js.api import (
    DiscardPolicy,
    KeyValueConfig,
    RetentionPolicy,
    StorageType,
    StoreCompression,
    StreamConfig,
    StreamInfo,
)
from nats.js.errors import NotFoundError

from deploy.change import Change
from deploy.version import DATA_VERSION, newer
from shared.bus import topology
from shared.contracts.origin import MAX_EPOCH
from shared.subjects import BUCKETS, CONSUMERS, EPOCH_KEY, GB, STREAMS, Bucket, Consumer, Stream

FULL_SIZE: Final = sum(stream.max_bytes for stream in STREAMS)
"""Bytes that the table's limits add up to."""
VERSION_KEY: Final = "newswire-data-version"
"""Under which a stream's metadata says which version made it; streams older than this say nothing."""
EPOCH_DAYS_SINCE: Final = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sizing:
    """`store_bytes`: what all streams may take together; the table's limits are scaled to it.

    `replicas`: copies of each stream and bucket; more than one needs a cluster of as many nodes.
    """

    store_bytes: int = 16 * GB
    replicas: int = 1

    def limit(self, stream: Stream) -> int:
        """The stream's max_bytes."""
        return min(stream.max_bytes, int(stream.max_bytes * self.store_bytes / FULL_SIZE))


def stream_config(stream: Stream, sizing: Sizing, epoch: int) -> StreamConfig:
    """The server's configuration of a stream."""
    return StreamConfig(
        name=stream.name,
        subjects=sorted(stream.subjects),
        retention=RetentionPolicy.WORK_QUEUE if stream.retention == "workqueue" else RetentionPolicy.LIMITS,
        max_age=stream.max_age,
        max_bytes=sizing.limit(stream),
        max_msg_size=stream.max_message,
        max_msgs_per_subject=stream.per_subject,
        discard=DiscardPolicy.NEW if stream.discard == "new" else DiscardPolicy.OLD,
        discard_new_per_subject=stream.per_subject > 0,
        duplicate_window=stream.duplicate_window,
        compression=StoreCompression.S2 if stream.compressed else StoreCompression.NONE,
        storage=StorageType.FILE,
        num_replicas=sizing.replicas,
        allow_direct=True,
        allow_rollup_hdrs=False,
        metadata={EPOCH_KEY: str(epoch), VERSION_KEY: str(DATA_VERSION)},
    )


_COMPARED = (
    "max_age", "max_bytes", "max_msg_size", "max_msgs_per_subject", "discard", "discard_new_per_subject",
    "duplicate_window", "compression", "num_replicas", "allow_direct", "allow_rollup_hdrs", "retention", "storage",
)  # fmt: skip


def new_epoch(known: int, now: datetime) -> int:
    """An epoch above every one known to be used; it counts days, for the case that no memory of one is left."""
    return min(max(known + 1, (now - EPOCH_DAYS_SINCE).days), MAX_EPOCH)


def destruction(wanted: StreamConfig, info: StreamInfo, oldest: float) -> str | None:
    """What data the change would destroy, in a sentence; None when it would destroy nothing.

    `oldest`: age of the stream's first message in seconds.
    """
    found, state = info.config, info.state
    if wanted.retention != found.retention:
        return f"its retention would change from {found.retention} to {wanted.retention}"
    gone = set(found.subjects or ()) - set(wanted.subjects or ())
    if gone and state.messages:
        return f"it would no longer keep {', '.join(sorted(gone))}"
    if state.messages and wanted.max_bytes and 0 < wanted.max_bytes < state.bytes:
        return f"it holds {state.bytes:,} bytes and its limit would be {wanted.max_bytes:,}"
    if state.messages and wanted.max_age and oldest > wanted.max_age:
        return f"its oldest message is {oldest:,.0f} s old and the limit would be {wanted.max_age:,.0f} s"
    return None


async def _oldest(js: JetStreamContext, info: StreamInfo) -> float:
    if not info.state.messages:
        return 0.0
    first = await js.get_msg(str(info.config.name), info.state.first_seq)
    return (datetime.now(UTC) - first.time).total_seconds() if first.time else 0.0


def _differences(wanted: StreamConfig, found: StreamConfig) -> list[str]:
    pairs = [(name, getattr(wanted, name), getattr(found, name)) for name in _COMPARED]
    pairs.append(("subjects", sorted(wanted.subjects or ()), sorted(found.subjects or ())))
    return [f"{name} {_plain(there)} → {_plain(want)}" for name, want, there in pairs if want != there]


def _plain(value: Any) -> str:
    return str(getattr(value, "value", value))


async def provision(js: JetStreamContext, sizing: Sizing, *, dry_run: bool, used_epoch: int = 0) -> list[Change]:
    """Bring the server to the table; with `dry_run` only say what would change.

    `used_epoch`: the greatest epoch of what is indexed already; a stream made anew must get a greater one.

    Returns one Change for each stream, consumer and bucket. Nothing is changed when one of them is refused.
    """
    changes = await _all(js, sizing, used_epoch, dry_run=True)
    if dry_run or any(change.kind == "refuse" for change in changes):
        return changes
    return await _all(js, sizing, used_epoch, dry_run=False)


async def _all(js: JetStreamContext, sizing: Sizing, used: int, *, dry_run: bool) -> list[Change]:
    infos = {stream.name: await _stream_info(js, stream.name) for stream in STREAMS}
    fresh = new_epoch(max(used, *(_epoch(info) for info in infos.values())), datetime.now(UTC))
    changes: list[Change] = []
    epochs: dict[str, int] = {}
    for stream in STREAMS:
        info = infos[stream.name]
        epochs[stream.name] = _epoch(info) or fresh if info else fresh
        config = stream_config(stream, sizing, epochs[stream.name])
        changes.append(await _stream(js, config, info, dry_run=dry_run))
    changes += [await _consumer(js, each, epochs[each.stream], dry_run=dry_run) for each in CONSUMERS]
    changes += [await _bucket(js, each, sizing, dry_run=dry_run) for each in BUCKETS]
    return changes


def _epoch(info: StreamInfo | None) -> int:
    text = (info.config.metadata or {}).get(EPOCH_KEY, "0") if info else "0"
    return int(text) if text.isdigit() else 0


async def _stream_info(js: JetStreamContext, name: str) -> StreamInfo | None:
    try:
        return await js.stream_info(name)
    except NotFoundError:
        return None


async def _stream(js: JetStreamContext, wanted: StreamConfig, info: StreamInfo | None, *, dry_run: bool) -> Change:
    what = f"stream {wanted.name}"
    if info is None:
        if not dry_run:
            await js.add_stream(wanted)
        return Change("create", what, ", ".join(wanted.subjects or ()))
    mark = (info.config.metadata or {}).get(VERSION_KEY, "1")
    if why := newer(mark):
        return Change("refuse", what, f"it was {why}; run that one")
    differs = _differences(wanted, info.config)
    if mark != str(DATA_VERSION):
        differs.append(f"data version {mark} → {DATA_VERSION}")
    if _epoch(info) == 0:
        differs.append("it carries no epoch")
    if not differs:
        return Change("same", what)
    if reason := destruction(wanted, info, await _oldest(js, info)):
        return Change("refuse", what, f"{reason}; change it by hand with `nats stream edit {wanted.name}`")
    if not dry_run:
        await js.update_stream(wanted)
    return Change("update", what, "; ".join(differs))


async def _consumer(js: JetStreamContext, consumer: Consumer, epoch: int, *, dry_run: bool) -> Change:
    what = f"consumer {consumer.stream}/{consumer.durable}"
    wanted = topology.config(consumer, epoch)
    try:
        found = (await js.consumer_info(consumer.stream, consumer.durable)).config
    except NotFoundError:
        if not dry_run:
            await js.add_consumer(consumer.stream, wanted)
        return Change("create", what, ", ".join(consumer.filters))
    differs = topology.differences(consumer, found)
    if (found.metadata or {}).get(EPOCH_KEY) != str(epoch):
        differs.append(f"epoch → {epoch}")
    if not differs:
        return Change("same", what)
    if any(text.startswith(("ack_policy", "deliver_policy")) for text in differs):
        step = f"`nats consumer rm {consumer.stream} {consumer.durable}` if you can afford to process all again"
        return Change("refuse", what, f"{'; '.join(differs)}: this cannot be changed in place; {step}")
    if not dry_run:
        await js.add_consumer(consumer.stream, replace(wanted))
    return Change("update", what, "; ".join(differs))


async def _bucket(js: JetStreamContext, bucket: Bucket, sizing: Sizing, *, dry_run: bool) -> Change:
    what = f"bucket {bucket.name}"
    info = await _stream_info(js, f"KV_{bucket.name}")
    if info is None:
        if not dry_run:
            await _make_bucket(js, bucket, sizing)
        return Change("create", what, bucket.about)
    copies = info.config.num_replicas
    if copies == sizing.replicas:
        return Change("same", what)
    if not dry_run:
        await js.update_stream(info.config.evolve(num_replicas=sizing.replicas))
    return Change("update", what, f"num_replicas {copies} → {sizing.replicas}")


async def _make_bucket(js: JetStreamContext, bucket: Bucket, sizing: Sizing) -> None:
    await js.create_key_value(
        KeyValueConfig(
            bucket=bucket.name,
            description=bucket.about,
            history=bucket.history,
            max_bytes=bucket.max_bytes,
            ttl=bucket.max_age or None,
            storage=StorageType.FILE,
            replicas=sizing.replicas,
            direct=True,
        )
    )
