"""A stand-in for OpenSearch that exists only to fail on request: what the real one can not be made to do in a test.

It knows external versions, a strict list of fields, integer ranges and months that are missing. The tests of
behaviour run against it and against the real one, so that it cannot drift away unnoticed.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

import orjson
from aiohttp import web

from deploy.opensearch.mappings import ARTICLE, REVISION, STORED
from shared.indices import ARTICLES_ALIAS, ARTICLES_PREFIX, REVISIONS

Fault = Literal[
    "reset", "hang", "whole_429", "whole_503", "items_429", "first_item_429", "items_503", "apply_then_drop",
    "apply_then_503", "truncated", "html", "one_item_short", "swapped", "flood_stage", "read_only", "security_403",
    "security_401", "whole_400", "item_forbidden",
]  # fmt: skip

_WHOLE: Final[Mapping[str, tuple[int, str, str]]] = {
    "whole_429": (429, "rejected_execution_exception", "rejected execution of coordinating operation"),
    "whole_503": (503, "cluster_manager_not_discovered_exception", "no cluster manager"),
    "apply_then_503": (503, "unavailable", "upstream gave up"),
    "security_403": (403, "security_exception", "no permissions for [indices:data/write/bulk]"),
    "security_401": (401, "security_exception", "missing authentication credentials"),
    "whole_400": (400, "illegal_argument_exception", "Malformed action/metadata line [1]"),
}
_ITEMS: Final[Mapping[str, tuple[int, str, str]]] = {
    "items_429": (429, "rejected_execution_exception", "queue capacity"),
    "first_item_429": (429, "rejected_execution_exception", "queue capacity"),
    "items_503": (503, "unavailable_shards_exception", "primary shard is not active"),
    "flood_stage": (
        429, "cluster_block_exception", "[TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark]",
    ),
    "read_only": (403, "cluster_block_exception", "[FORBIDDEN/5/index read-only (api)]"),
    "item_forbidden": (403, "security_exception", "no permissions for [indices:data/write/bulk[s]]"),
}  # fmt: skip


class FakeOpenSearch:
    """Serves `_bulk`, `_mget` and an ids query. `faults`: taken one for each bulk, then all is well."""

    def __init__(self, indices: set[str]) -> None:
        self.indices = indices
        self.documents: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}
        self.faults: deque[Fault] = deque()
        self.max_bytes = 100 * 1024 * 1024
        self.read_error = ""
        """Type of the error that each read document is answered with."""
        self.bulks: list[int] = []
        """Items of each bulk that arrived."""
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Listen, at first on any port and later on the same."""
        app = web.Application(client_max_size=200 * 1024 * 1024)
        app.router.add_post("/_bulk", self._bulk)
        app.router.add_post("/_mget", self._mget)
        app.router.add_post(f"/{ARTICLES_ALIAS}/_search", self._search)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Refuse connections."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def _bulk(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if len(body) > self.max_bytes:
            return web.Response(status=413)
        lines = body.splitlines()
        pairs = [(orjson.loads(a)["index"], orjson.loads(b)) for a, b in zip(lines[::2], lines[1::2], strict=True)]
        self.bulks.append(len(pairs))
        fault = self.faults.popleft() if self.faults else None
        if fault in _WHOLE and fault != "apply_then_503":
            return _error(*_WHOLE[fault])
        if fault == "reset":
            return _drop(request)
        if fault == "hang":
            await asyncio.sleep(30)
        return self._answer(request, fault, [self._item(n, fault, *pair) for n, pair in enumerate(pairs)])

    def _answer(self, request: web.Request, fault: Fault | None, items: list[dict[str, Any]]) -> web.StreamResponse:
        if fault == "apply_then_drop":
            return _drop(request)
        if fault == "apply_then_503":
            return _error(*_WHOLE[fault])
        changes: Mapping[str, Callable[[], web.Response]] = {
            "html": lambda: web.Response(text="<html>Welcome to the proxy</html>", content_type="text/html"),
            "truncated": lambda: web.Response(text='{"items":[{"ind', content_type="application/json"),
            "one_item_short": lambda: web.json_response({"items": items[:-1]}),
            "swapped": lambda: web.json_response({"items": items[::-1]}),
        }
        return changes.get(fault or "", lambda: web.json_response({"items": items}))()

    def _item(self, number: int, fault: Fault | None, target: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
        where = {"_index": target["_index"], "_id": target["_id"]}
        said = _ITEMS.get(fault or "") if fault != "first_item_429" or number == 0 else None
        status, kind, reason = said or self._put(target, source)
        error = {"error": {"type": kind, "reason": reason}} if kind else {}
        return {"index": {**where, "status": status, **error}}

    def _put(self, target: dict[str, Any], source: dict[str, Any]) -> tuple[int, str, str]:
        index, version = target["_index"], target["version"]
        if index not in self.indices:
            return 404, "index_not_found_exception", f"no such index [{index}]"
        fields = REVISION.keys() if index == REVISIONS else ARTICLE.keys() | STORED.keys()
        if unknown := source.keys() - fields:
            return 400, "strict_dynamic_mapping_exception", f"dynamic introduction of {sorted(unknown)} is not allowed"
        if abs(source.get("read_minutes", 0)) >= 2**31:
            return 400, "mapper_parsing_exception", "failed to parse field [read_minutes] of type [integer]"
        known = self.documents.get((index, target["_id"]))
        if known and known[0] >= version:
            return 409, "version_conflict_engine_exception", f"current version [{known[0]}] is higher or equal"
        self.documents[index, target["_id"]] = (version, source)
        return (200 if known else 201), "", ""

    async def _mget(self, request: web.Request) -> web.Response:
        wanted = orjson.loads(await request.read())["docs"]
        return web.json_response({"docs": [self._got(each["_index"], each["_id"]) for each in wanted]})

    def _got(self, index: str, identity: str) -> dict[str, Any]:
        where = {"_index": index, "_id": identity}
        if self.read_error:
            return {**where, "error": {"type": self.read_error, "reason": "as told"}}
        if index not in self.indices:
            return {**where, "error": {"type": "index_not_found_exception", "reason": f"no such index [{index}]"}}
        known = self.documents.get((index, identity))
        return {**where, "found": True, "_source": known[1]} if known else {**where, "found": False}

    async def _search(self, request: web.Request) -> web.Response:
        wanted = orjson.loads(await request.read())["query"]["ids"]["values"]
        hits = [
            {"_index": index, "_id": identity, "_source": source}
            for (index, identity), (_, source) in self.documents.items()
            if identity in wanted and index.startswith(ARTICLES_PREFIX)
        ]
        return web.json_response({"hits": {"hits": hits}})


def _error(status: int, kind: str, reason: str) -> web.Response:
    return web.json_response({"error": {"type": kind, "reason": reason}, "status": status}, status=status)


def _drop(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()
