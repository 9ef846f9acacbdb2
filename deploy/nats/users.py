"""Who may do what on NATS: one user for each service, made from the table of subjects. Pure.

A user that states what it may do may do nothing else. Workers never create consumers: whoever may, reads any stream.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shared.contracts import Stage
from shared.subjects import (
    BUCKETS,
    CONSUMERS,
    GB,
    KEEPER_ADVISORIES,
    LEDGER,
    MAX_PAYLOAD,
    RAW,
    STAGES,
    STREAMS,
    SUBJECTS,
    Consumer,
    stream_of,
    token,
)

API: Final = "$JS.API"
ACCOUNT: Final = "NEWS"
OPERATOR, PROVISION, KEEPER = "ctl", "provision", "keeper"
SERVICES: Final = (*STAGES, KEEPER, PROVISION)
"""`ctl` is how the `newswire` command calls itself: it is the operators' user."""
READ_BY_KEEPER: Final = ("RAW", "PARSED", "ENRICHED", "EVENTS", "DLQ")
"""Streams that the ledger is folded from, by consumers the keeper makes for itself."""
PURGED_BY_KEEPER: Final = ("RAW", "PARSED", "ENRICHED")

# sync_interval: an acknowledged message survives a power cut. js_ack_fc_v2: the client reads acknowledgement
# subjects of the first form only. No system user and no no_auth_user: whoever has no key has no way in.
CONFIG: Final = """\
server_name: newswire
port: 4222
http: "127.0.0.1:8222"
max_payload: {max_payload}
feature_flags {{ js_ack_fc_v2: false }}
jetstream {{
  store_dir: "{store}"
  max_file_store: {max_file_store}
  sync_interval: always
}}
"""


@dataclass(frozen=True, slots=True)
class User:
    """A user by its name, which is also its inbox's, and the subjects it may publish and subscribe to."""

    name: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def users(publishers: Mapping[str, Sequence[str]]) -> tuple[User, ...]:
    """All users. `publishers`: name to sources; no source means any."""
    services = (*(_stage(name) for name in STAGES), _keeper(), _provision(), _operator())
    clash = {user.name for user in services} & set(publishers)
    if clash:
        raise ValueError(f"a publisher cannot be called {', '.join(sorted(clash))}: that is a service's name")
    return (*services, *(_publisher(name, sources) for name, sources in publishers.items()))


def server_config(keys: Mapping[str, str], known: Sequence[User], store: str) -> str:
    """The whole nats.conf. `keys`: each user's public nkey, by name; `store`: where streams are kept."""
    largest = sum(each.max_bytes for each in (*STREAMS, *BUCKETS))
    head = CONFIG.format(max_payload=MAX_PAYLOAD, store=store, max_file_store=largest + GB)
    listed = "".join(_user(user, keys[user.name]) for user in known)
    news = f"{ACCOUNT}: {{ jetstream: enabled, users: [\n{listed}  ] }}"
    return f"{head}accounts {{\n  {news}\n  SYS: {{}}\n}}\nsystem_account: SYS\n"


def _user(user: User, key: str) -> str:
    rights = {"publish": {"allow": user.publish}, "subscribe": {"allow": user.subscribe}}
    return f"    # {user.name}\n    {{ nkey: {key}, permissions: {json.dumps(rights)} }}\n"


def inbox(name: str) -> str:
    """Where answers to this user arrive; shared.bus.connection.inbox is its prefix."""
    return f"_INBOX_{name}.>"


def _binds(consumer: Consumer) -> tuple[str, ...]:
    """What a pull consumer's reader publishes. Acknowledgements have two forms; servers of today use the first."""
    place = f"{consumer.stream}.{consumer.durable}"
    return (
        f"{API}.CONSUMER.INFO.{place}",
        f"{API}.CONSUMER.MSG.NEXT.{place}",
        f"$JS.ACK.{place}.>",
        f"$JS.ACK.*.*.{place}.>",
    )


def _produced_by(name: str) -> Iterable[str]:
    """The subjects that the table lets `name` publish; where a stage stands in the subject, its own."""
    for subject in SUBJECTS:
        if name in subject.producers:
            own = name in STAGES and subject.pattern.count("*") > 1
            yield subject.pattern.replace("*", name, 1) if own else subject.pattern


def _stage(name: Stage) -> User:
    row = STAGES[name]
    # Where publishers publish too, an id of ours may be taken: the stage looks at what took it.
    looks = (f"{API}.STREAM.MSG.GET.{stream_of(row.output).name}",) if "publishers" in row.output.producers else ()
    return User(name, (*_binds(row.consumer), *_produced_by(name), *looks), (inbox(name),))


def _keeper() -> User:
    """It reads streams in order, so it makes consumers; and it removes what all are done with."""
    reads = (f"{API}.CONSUMER.{verb}" for verb in ("CREATE.{}", "INFO.{}.*", "MSG.NEXT.{}.*", "DELETE.{}.*"))
    streams = (*(stream.name for stream in STREAMS), f"KV_{LEDGER.name}")
    rights = (
        *_binds(KEEPER_ADVISORIES),
        *(verb.format(name) for verb in reads for name in READ_BY_KEEPER),
        *(f"{API}.CONSUMER.INFO.{each.stream}.{each.durable}" for each in CONSUMERS),
        *(f"{API}.STREAM.INFO.{name}" for name in streams),
        *(f"{API}.STREAM.MSG.GET.{name}" for name in streams),
        *(f"{API}.CONSUMER.LIST.{name}" for name in PURGED_BY_KEEPER),
        *(f"{API}.STREAM.PURGE.{name}" for name in PURGED_BY_KEEPER),
        f"{API}.STREAM.MSG.DELETE.{STAGES['fetch'].consumer.stream}",
        f"$KV.{LEDGER.name}.>",
        *_produced_by(KEEPER),
    )
    return User(KEEPER, tuple(dict.fromkeys(rights)), (inbox(KEEPER),))


def _provision() -> User:
    """It makes and changes streams and consumers. It destroys none, and reads and writes no message."""
    streams = (f"{API}.STREAM.{verb}.*" for verb in ("INFO", "CREATE", "UPDATE"))
    consumers = tuple(
        f"{API}.CONSUMER.{verb}" for verb in ("INFO.*.*", "CREATE.*.*", "CREATE.*.*.>", "DURABLE.CREATE.*.*")
    )
    return User(PROVISION, (*streams, *consumers), (inbox(PROVISION),))


def _operator() -> User:
    """People at work: the whole JetStream API, replays, jobs and raw articles; never an outcome or an article."""
    listens = (*sorted({f"{each.pattern.split('.')[0]}.>" for each in SUBJECTS}), "$JS.EVENT.ADVISORY.>")
    return User(OPERATOR, (f"{API}.>", RAW.pattern, *_produced_by("operators")), (inbox(OPERATOR), *listens))


def _publisher(name: str, sources: Sequence[str]) -> User:
    raw = tuple(RAW.of(token(source)) for source in sources) or (RAW.pattern,)
    return User(token(name), raw, (inbox(token(name)),))
