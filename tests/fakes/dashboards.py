"""An OpenSearch Dashboards that stores what it is given, and fails when it is told to."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import encode_basic_auth, web

from deploy.local import ports


@dataclass
class FakeDashboards:
    """`fault`: what it answers instead, by path: status and body."""

    url: str = ""
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    imports: list[str] = field(default_factory=list)
    fault: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    login: tuple[str, str] = ("importer", "secret")

    async def answer(self, request: web.Request) -> web.Response:
        """Anything."""
        name = request.path.rpartition("/")[2]
        if name in self.fault:
            status, body = self.fault[name]
            return web.Response(status=status, body=body)
        if request.headers.get("Authorization") != encode_basic_auth(*self.login):
            return web.json_response({"message": "Unauthorized"}, status=401)
        return await self._import(request) if name == "_import" else self._find(request)

    def _find(self, request: web.Request) -> web.Response:
        kinds = request.query.getall("type")
        found = [{**each, "version": "WzEsMV0="} for each in self.objects.values() if each["type"] in kinds]
        return web.json_response({"total": len(found), "saved_objects": found[: int(request.query["per_page"])]})

    async def _import(self, request: web.Request) -> web.Response:
        assert request.headers["osd-xsrf"]
        assert request.query["overwrite"] == "true"
        part = (await request.post())["file"]
        assert isinstance(part, web.FileField)
        assert part.filename.endswith(".ndjson")
        lines = [json.loads(line) for line in part.file.read().splitlines()]
        self.objects |= {each["id"]: each for each in lines}
        self.imports.append(part.filename)
        return web.json_response({"success": True, "successCount": len(lines)})


@asynccontextmanager
async def fake_dashboards() -> AsyncIterator[FakeDashboards]:
    """One that listens."""
    fake, port = FakeDashboards(), ports.free()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    fake.url = f"http://127.0.0.1:{port}"
    try:
        yield fake
    finally:
        await runner.cleanup()
