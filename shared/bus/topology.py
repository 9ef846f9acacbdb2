"""What a service binds to, compared with the table: a consumer that is gone or differs makes it unready."""

from typing import Any

from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, ConsumerInfo, DeliverPolicy, StreamInfo

from shared.subjects import EPOCH_KEY, Consumer


class TopologyError(Exception):
    """What a service needs is not as the table says. The text names what differs and what to do."""


def config(consumer: Consumer, epoch: int) -> ConsumerConfig:
    """The server's configuration of a consumer. No `backoff`: it does not apply to naks and overrides ack_wait."""
    return ConsumerConfig(
        name=consumer.durable,
        durable_name=consumer.durable,
        filter_subjects=sorted(consumer.filters),
        ack_policy=AckPolicy.EXPLICIT,
        deliver_policy=DeliverPolicy.ALL,
        ack_wait=consumer.ack_wait,
        max_deliver=consumer.max_deliver,
        max_ack_pending=consumer.max_ack_pending,
        metadata={EPOCH_KEY: str(epoch)},
    )


_COMPARED = ("ack_policy", "deliver_policy", "ack_wait", "max_deliver", "max_ack_pending", "backoff")


def differences(consumer: Consumer, found: ConsumerConfig) -> list[str]:
    """How the server's consumer differs from the table, one sentence each."""
    wanted = config(consumer, 0)
    pairs: list[tuple[str, Any, Any]] = [(n, getattr(wanted, n) or None, getattr(found, n) or None) for n in _COMPARED]
    filters = found.filter_subjects or ([found.filter_subject] if found.filter_subject else [])
    pairs.append(("filters", sorted(consumer.filters), sorted(filters)))
    return [f"{name} is {there!r}, not {want!r}" for name, want, there in pairs if want != there]


async def check(js: JetStreamContext, consumer: Consumer) -> ConsumerInfo:
    """The consumer as the server has it.

    Raises:
        TopologyError: it differs.
        nats.errors.Error: the server does not answer, or there is no such consumer.
    """
    info: ConsumerInfo = await js.consumer_info(consumer.stream, consumer.durable)
    wrong = differences(consumer, info.config)
    if wrong:
        text = "; ".join(wrong)
        raise TopologyError(f"consumer {consumer.durable} of {consumer.stream}: {text}; run `newswire provision`")
    return info


def epoch_of(info: ConsumerInfo) -> int:
    """The epoch that provisioning wrote into the consumer.

    Raises:
        TopologyError: there is none.
    """
    text = (info.config.metadata or {}).get(EPOCH_KEY, "")
    if not text.isdigit():
        raise TopologyError(f"consumer {info.name} carries no epoch; run `newswire provision`")
    return int(text)


def epoch_of_stream(info: StreamInfo) -> int:
    """The epoch that provisioning wrote into the stream.

    Raises:
        TopologyError: there is none.
    """
    text = (info.config.metadata or {}).get(EPOCH_KEY, "")
    if not text.isdigit():
        raise TopologyError(f"stream {info.config.name} carries no epoch; run `newswire provision`")
    return int(text)
