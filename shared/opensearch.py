"""The one way to open a client of OpenSearch."""

from io import BytesIO
from typing import Any

import orjson
from opensearchpy import AIOHttpConnection, AsyncOpenSearch
from opensearchpy.exceptions import SerializationError
from opensearchpy.serializer import JSONSerializer


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


def connect(url: str, *, seconds: float = 30) -> AsyncOpenSearch:
    """A client that retries nothing by itself: its retries have no pause (measured, opensearch-py 3.2.0).

    `seconds`: how long a request may take. The caller closes it.
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
    )
