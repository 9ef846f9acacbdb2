"""The one way to open a client of OpenSearch, to ask it, and to say what its failures mean."""

from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from typing import Any, Final, cast

import orjson
from opensearchpy import AIOHttpConnection, AsyncOpenSearch
from opensearchpy.exceptions import (
    ConnectionTimeout,
    OpenSearchException,
    RequestError,
    SerializationError,
    TransportError,
)
from opensearchpy.serializer import JSONSerializer

from shared.errors import DependencyDown
from shared.indices import ARTICLES_PATTERN, months_around
from shared.settings import Settings


class _Quiet(AIOHttpConnection):
    """Logs no requests: its logger decodes and keeps whole bodies."""

    def log_request_fail(self, *_args: Any, **_facts: Any) -> None: ...

    def log_request_success(self, *_args: Any, **_facts: Any) -> None: ...


class _Orjson(JSONSerializer):
    """JSON by orjson; bytes go through as a stream, because aiohttp warns of large bodies in one piece."""

    def dumps(self, data: Any) -> Any:
        if isinstance(data, (str, BytesIO)):
            return data
        return BytesIO(data if isinstance(data, bytes) else orjson.dumps(data))

    def loads(self, s: str) -> Any:
        try:
            return orjson.loads(s)
        except orjson.JSONDecodeError as error:
            raise SerializationError(s[:200], error) from error


def connect_as(settings: Settings, *, seconds: float = 30) -> AsyncOpenSearch:
    """`connect` as the user of these settings.

    Raises:
        OSError: the file of the password cannot be read.
    """
    secured: dict[str, Any] = {"ca_certs": str(settings.opensearch_ca_file)} if settings.opensearch_ca_file else {}
    if settings.opensearch_password_file:
        password = settings.opensearch_password_file.read_text().strip()
        secured["http_auth"] = (settings.opensearch_user, password)
    return connect(settings.opensearch_url, seconds=seconds, **secured)


def connect(url: str, *, seconds: float = 30, **secured: Any) -> AsyncOpenSearch:
    """A client that retries nothing by itself: its retries have no pause (measured, opensearch-py 3.2.0).

    `seconds`: how long a request may take. `secured`: the client's own options. The caller closes it.
    """
    return AsyncOpenSearch(
        hosts=[url],
        connection_class=_Quiet,
        serializer=_Orjson(),
        timeout=seconds,
        max_retries=0,
        retry_on_timeout=False,
        http_compress=False,
        maxsize=8,
        **secured,
    )


async def ask(client: AsyncOpenSearch, method: str, path: str, body: Any = None, **params: str) -> Any:
    """The answer's JSON, or None when there is no such thing (404).

    Raises:
        DependencyDown: OpenSearch is away, or refuses; the sentence says what to do.
    """
    try:
        return await client.transport.perform_request(method, path, params=dict(params), body=body)
    except OpenSearchException as error:
        if isinstance(error, TransportError) and status_of(error) == HTTPStatus.NOT_FOUND:
            return None
        raise down(error, f"{method} {path}") from error


async def indices(client: AsyncOpenSearch, pattern: str) -> dict[str, dict[str, Any]]:
    """Name to mapping of the indices there are.

    Raises:
        DependencyDown: OpenSearch is away, or refuses.
    """
    answer: dict[str, Any] = await ask(client, "GET", f"/{pattern}/_mapping") or {}
    return {name: each["mappings"] for name, each in answer.items()}


async def create_index(client: AsyncOpenSearch, name: str) -> bool:
    """Make it by its template; False when it is there, as when somebody else made it in between.

    Raises:
        DependencyDown: OpenSearch is away, or refuses.
    """
    try:
        await client.transport.perform_request("PUT", f"/{name}")
    except OpenSearchException as error:
        if isinstance(error, RequestError) and error.error == "resource_already_exists_exception":
            return False
        raise down(error, f"PUT /{name}") from error
    return True


async def ensure_months(client: AsyncOpenSearch, now: datetime) -> list[str]:
    """Make the indices of the previous, the current and the next month, and return those that were missing.

    Raises:
        DependencyDown: OpenSearch is away, or was never provisioned.
    """
    return await ensure_indices(client, "news-articles", ARTICLES_PATTERN, months_around(now))


async def ensure_indices(client: AsyncOpenSearch, template: str, pattern: str, names: Iterable[str]) -> list[str]:
    """Make the indices of a template, which has this pattern, and return those that were missing.

    Raises:
        DependencyDown: OpenSearch is away, or was never provisioned.
    """
    if not await ask(client, "GET", f"/_index_template/{template}"):
        raise DependencyDown("dependency_down", f"OpenSearch has no template {template}; run `newswire provision`")
    there = await indices(client, pattern)
    return [name for name in names if name not in there and await create_index(client, name)]


def status_of(error: TransportError) -> int | None:
    """The HTTP status, or None when there was no answer."""
    return error.status_code if isinstance(error.status_code, int) else None


def type_of(error: TransportError) -> str:
    """OpenSearch's name of the error, or empty when something else answered."""
    return str(_cause(error).get("type", ""))


def _cause(error: TransportError) -> dict[str, Any]:
    info: Any = error.info
    cause: Any = cast("dict[str, Any]", info).get("error") if isinstance(info, dict) else None
    return cast("dict[str, Any]", cause) if isinstance(cause, dict) else {}


def down(error: OpenSearchException, what: str) -> DependencyDown:
    """Nothing can be done until this is mended; the sentence says how, where that is known."""
    if isinstance(error, ConnectionTimeout):
        return DependencyDown("timeout", f"OpenSearch did not answer {what} in time")
    if not isinstance(error, TransportError):
        return DependencyDown("server_error", f"the answer to {what} is not OpenSearch's: {error}"[:300])
    status = status_of(error)
    if status is None:
        said = f"OpenSearch is not there for {what}: {error.error}"[:300]
        return DependencyDown("connection_failed", f"{said}; {_UNTRUSTED}" if "CERTIFICATE" in said else said)
    kind, reason = type_of(error), str(_cause(error).get("reason", "no reason given"))[:300]
    return DependencyDown("server_error", f"OpenSearch answered {what} with {status} {reason}; {_advice(status, kind)}")


_UNTRUSTED: Final = (
    "its certificate has expired or is another authority's: `docker compose up --wait` renews it, "
    "`docker compose restart opensearch` puts it in use"
)


def _advice(status: int, kind: str) -> str:
    if kind == "cluster_block_exception":
        return "an index is blocked: free disk space, or remove the block"
    if status == HTTPStatus.UNAUTHORIZED:
        return "it knows another password: `docker compose run --rm provision` brings its users to the secrets"
    if status == HTTPStatus.FORBIDDEN:
        return "this user lacks the right"
    if status == HTTPStatus.NOT_FOUND:
        return "run `newswire provision`"
    return "look into its log"
