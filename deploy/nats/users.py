"""Who may do what on NATS: one user for each service, made from the table of subjects. Pure.

A user that states what it may do may do nothing else. Workers never create consumers: whoever may, reads the stream.

Publishers have an account of their own, which has of NEWS nothing but raw articles. The server sends a PubAck wherever
the message asked for, and looks at no right of the sender's: in one account with the services, a publisher would have
the server write jobs, outcomes and the keeper's ledger (measured, nats-server 2.15.1). One account for all of them,
since what a new account imports the server only knows after a second reload. Services share NEWS, so what one of them
may ask of JetStream it may have sent to any subject there: they are kept from mistakes, not from each other.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shared.contracts import Stage
from shared.subjects import (
    ASKED,
    BUCKETS,
    CHARTS_READER,
    CONFIRMED,
    CONSUMERS,
    GB,
    HEALTH_READER,
    HEALTHS,
    HOSTS,
    KEEPER_ADVISORIES,
    LEDGER,
    LEDGER_READER,
    MAX_PAYLOAD,
    PUSHES,
    RAW,
    RENDER_PAGE,
    SEEN,
    SOURCE_STATE,
    SOURCES,
    STAGES,
    STREAMS,
    SUBJECTS,
    TOKENS,
    WEBSUB,
    Consumer,
    stream_of,
    token,
)

API: Final = "$JS.API"
BACKUPS: Final = "$JS.SNAPSHOT.>"
"""Where whoever makes a backup of a stream confirms its parts, and sends them to restore one."""
ACCOUNT: Final = "NEWS"
PUBLISHERS: Final = "PUBLISHERS"
"""The account of whoever publishes raw articles."""
OPERATOR, PROVISION, KEEPER, INTAKE, RENDER = "ctl", "provision", "keeper", "intake", "render"
SERVICES: Final = (*STAGES, KEEPER, INTAKE, RENDER, PROVISION)
"""`ctl` is how the `newswire` command calls itself: it is the operators' user."""
READ_BY_KEEPER: Final = (
    *((stream, LEDGER_READER) for stream in ("RAW", "PARSED", "ENRICHED", "EVENTS", "DLQ")),
    *((stream, reader) for stream in ("EVENTS", "DLQ") for reader in (CHARTS_READER, HEALTH_READER)),
)
"""Streams, and the consumers of them that the keeper makes for itself."""
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
    """A user by its name, which is also its inbox's, and the subjects it may publish and subscribe to.

    `answers`: it may answer what it is asked, once each, wherever the answer is awaited.
    """

    name: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]
    account: str = ACCOUNT
    answers: bool = False


def users(publishers: Mapping[str, Sequence[str]]) -> tuple[User, ...]:
    """All users. `publishers`: name to sources; no source means any."""
    services = (*(_stage(name) for name in STAGES), _keeper(), _intake(), _render(), _provision(), _operator())
    clash = {user.name for user in services} & set(publishers)
    if clash:
        raise ValueError(f"a publisher cannot be called {', '.join(sorted(clash))}: that is a service's name")
    return (*services, *(_publisher(name, sources) for name, sources in publishers.items()))


def server_config(keys: Mapping[str, str], known: Sequence[User], store: str) -> str:
    """The whole nats.conf. `keys`: each user's public nkey, by name; `store`: where streams are kept."""
    largest = sum(each.max_bytes for each in (*STREAMS, *BUCKETS))
    head = CONFIG.format(max_payload=MAX_PAYLOAD, store=store, max_file_store=largest + GB)
    exports = f'jetstream: enabled, exports: [{{ service: "{RAW.pattern}", accounts: [{PUBLISHERS}] }}]'
    imports = f'imports: [{{ service: {{ account: {ACCOUNT}, subject: "{RAW.pattern}" }} }}]'
    accounts = _account(ACCOUNT, exports, known, keys) + _account(PUBLISHERS, imports, known, keys)
    return f"{head}accounts {{\n{accounts}  SYS: {{}}\n}}\nsystem_account: SYS\n"


def _account(name: str, about: str, known: Sequence[User], keys: Mapping[str, str]) -> str:
    inside = "".join(_user(user, keys[user.name]) for user in known if user.account == name)
    return f"  {name}: {{ {about}, users: [\n{inside}  ] }}\n"


def _user(user: User, key: str) -> str:
    publish = {"allow": user.publish} if user.publish else {"deny": [">"]}
    rights: dict[str, object] = {"publish": publish, "subscribe": {"allow": user.subscribe}}
    if user.answers:
        rights["allow_responses"] = {"max": 1, "expires": "2m"}
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
    more = _sources() if name == "fetch" else ()
    return User(name, (*_binds(row.consumer), *_produced_by(name), *looks, *more), (inbox(name),))


def _sources() -> tuple[str, ...]:
    """Fetch reads what operators say of sources, keeps what it knows of them, and looks how full the streams are.

    A bucket's changes come by direct gets: watching it would take the right to make a consumer.
    """
    behind = [STAGES[stage].consumer for stage in ("parse", "enrich", "index")]
    return (
        *(f"{API}.STREAM.MSG.GET.KV_{bucket.name}" for bucket in (SOURCES, SOURCE_STATE, SEEN, HOSTS, WEBSUB, PUSHES)),
        *(f"{API}.DIRECT.GET.KV_{bucket.name}" for bucket in (SOURCES, SOURCE_STATE, WEBSUB, PUSHES)),
        *(f"$KV.{bucket.name}.>" for bucket in (SOURCE_STATE, SEEN, HOSTS, PUSHES)),
        f"$KV.{WEBSUB.name}.{ASKED}.*",
        RENDER_PAGE,
        f"{API}.STREAM.INFO.KV_{PUSHES.name}",
        *(f"{API}.STREAM.INFO.{each.stream}" for each in behind),
        *(f"{API}.CONSUMER.INFO.{each.stream}.{each.durable}" for each in behind),
    )


def _keeper() -> User:
    """It reads streams in order, so it makes consumers, of its own names; and it removes what all are done with.

    What it judges sources by it reads in buckets, as fetch does.
    """
    verbs = ("CREATE", "INFO", "MSG.NEXT", "DELETE")
    streams = (*(stream.name for stream in STREAMS), f"KV_{LEDGER.name}")
    rights = (
        *_binds(KEEPER_ADVISORIES),
        *(f"{API}.CONSUMER.{verb}.{stream}.{name}" for verb in verbs for stream, name in READ_BY_KEEPER),
        *(f"{API}.CONSUMER.INFO.{each.stream}.{each.durable}" for each in CONSUMERS),
        *(f"{API}.STREAM.INFO.{name}" for name in streams),
        *(f"{API}.STREAM.MSG.GET.{name}" for name in streams),
        *(f"{API}.CONSUMER.LIST.{name}" for name in PURGED_BY_KEEPER),
        *(f"{API}.STREAM.PURGE.{name}" for name in PURGED_BY_KEEPER),
        f"{API}.STREAM.MSG.DELETE.{STAGES['fetch'].consumer.stream}",
        *(f"{API}.DIRECT.GET.KV_{bucket.name}" for bucket in (SOURCES, SOURCE_STATE, HEALTHS)),
        *(f"$KV.{bucket.name}.>" for bucket in (LEDGER, HEALTHS)),
        *_produced_by(KEEPER),
    )
    return User(KEEPER, tuple(dict.fromkeys(rights)), (inbox(KEEPER),))


def _intake() -> User:
    """It publishes for whoever has a token, and hands fetch what hubs say and push. It reads no article."""
    rights = (
        *_produced_by(INTAKE),
        f"{API}.STREAM.INFO.{stream_of(RAW).name}",
        f"{API}.DIRECT.GET.KV_{TOKENS.name}",
        *(f"{API}.STREAM.MSG.GET.KV_{bucket.name}" for bucket in (SOURCES, WEBSUB)),
        f"$KV.{WEBSUB.name}.{CONFIRMED}.*",
        f"$KV.{PUSHES.name}.*.*",
    )
    return User(INTAKE, rights, (inbox(INTAKE),))


def _render() -> User:
    """It is asked for pages, and can say nothing to anybody who did not ask: its browser runs what strangers wrote."""
    return User(RENDER, (), (inbox(RENDER), RENDER_PAGE), answers=True)


def _provision() -> User:
    """It makes and changes streams and consumers. It destroys none, and reads and writes no message."""
    streams = (f"{API}.STREAM.{verb}.*" for verb in ("INFO", "CREATE", "UPDATE"))
    consumers = tuple(
        f"{API}.CONSUMER.{verb}" for verb in ("INFO.*.*", "CREATE.*.*", "CREATE.*.*.>", "DURABLE.CREATE.*.*")
    )
    return User(PROVISION, (*streams, *consumers), (inbox(PROVISION),))


def _operator() -> User:
    """People at work: the JetStream API, backups, sources, tokens, replays, jobs and raw articles; no outcome."""
    families = sorted({f"{each.pattern.split('.')[0]}.>" for each in SUBJECTS})
    # _INBOX: the `nats` command's, which takes no other prefix from its environment (0.3.0); nobody else's
    listens = ("_INBOX.>", *families, "$JS.EVENT.ADVISORY.>")
    buckets = (f"$KV.{bucket.name}.>" for bucket in (SOURCES, SOURCE_STATE, SEEN, TOKENS))
    rights = (f"{API}.>", BACKUPS, RAW.pattern, *_produced_by("operators"), *buckets)
    return User(OPERATOR, rights, (inbox(OPERATOR), *listens))


def _publisher(name: str, sources: Sequence[str]) -> User:
    raw = tuple(RAW.of(token(source)) for source in sources) or (RAW.pattern,)
    return User(token(name), raw, (inbox(token(name)),), PUBLISHERS)
