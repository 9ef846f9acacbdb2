"""Brings OpenSearch Dashboards to our saved objects. What others made stays; what they changed of ours does not."""

import json
from collections.abc import Mapping
from typing import Any, Final, cast

import aiohttp

from deploy.change import Change
from deploy.dashboards.asked import Json
from deploy.dashboards.saved import VERSIONS, ndjson, saved_objects
from shared.errors import DependencyDown

WHAT: Final = "dashboards"
SECONDS: Final = 60.0
MOST_BYTES: Final = 32 * 1024 * 1024
MOST_OBJECTS: Final = 1_000
"""That are looked at for ours; what is not among them is imported again, which changes nothing."""
_SHOWN: Final = 5


async def provision(url: str, login: tuple[str, str] | None, *, dry_run: bool) -> list[Change]:
    """Import what is missing or differs; with `dry_run` only say so. `login`: user and password.

    Raises:
        DependencyDown: Dashboards is away, or refuses; the sentence says what.
    """
    headers = {"osd-xsrf": "true"}
    if login:
        headers["Authorization"] = aiohttp.encode_basic_auth(*login)
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    async with aiohttp.ClientSession(url.rstrip("/") + "/", headers=headers, timeout=timeout) as session:
        wanted, there = saved_objects(), await _found(session)
        differing = [each for each in wanted if not _same(each, there.get(each["id"]))]
        if not differing:
            return [Change("same", WHAT)]
        if not dry_run:
            await _import(session)
        known = any(each["id"] in there for each in wanted)
        detail = f"{len(differing)} of {len(wanted)} saved objects"
        return [Change("update" if known else "create", WHAT, detail)]


def _same(wanted: Json, found: Json | None) -> bool:
    """Dashboards may add attributes of its own."""
    if found is None or found["references"] != wanted["references"]:
        return False
    return all(found["attributes"].get(name) == value for name, value in wanted["attributes"].items())


async def _found(session: aiohttp.ClientSession) -> dict[str, Json]:
    """Saved objects by id."""
    asked = [("per_page", str(MOST_OBJECTS)), *(("type", kind) for kind in VERSIONS)]
    answer = await _answer(session, "GET", "api/saved_objects/_find", params=asked)
    return {each["id"]: {"references": [], **each} for each in answer.get("saved_objects", [])}


async def _import(session: aiohttp.ClientSession) -> None:
    form = aiohttp.FormData()
    form.add_field("file", ndjson().encode(), filename="newswire.ndjson", content_type="application/ndjson")
    path = "api/saved_objects/_import"
    answer = await _answer(session, "POST", path, params=[("overwrite", "true")], data=form)
    if answer.get("success") is not True:
        raise DependencyDown("server_error", f"Dashboards refuses saved objects: {_refused(answer)}")


def _refused(answer: Mapping[str, Any]) -> str:
    """Which, and why; a few of them."""
    errors = cast("list[Json]", answer.get("errors") or [])
    told = [f"{each.get('type')} {each.get('id')}: {_reason(each.get('error'))}" for each in errors[:_SHOWN]]
    more = [f"and {len(errors) - _SHOWN} more"] if len(errors) > _SHOWN else []
    return "; ".join([*told, *more]) or "it does not say which"


def _reason(error: object) -> str:
    if not isinstance(error, dict):
        return str(error)[:200]
    said = cast("Json", error)
    lacking = [str(each.get("id")) for each in said.get("references", [])]
    words = (said.get("type"), said.get("message"), ", ".join(lacking))
    return " ".join(str(word) for word in words if word)[:200]


async def _answer(session: aiohttp.ClientSession, method: str, path: str, **request: Any) -> Json:
    """The answer's JSON.

    Raises:
        DependencyDown: there is none.
    """
    try:
        async with session.request(method, path, **request) as answer:
            body = await _bounded(answer)
    except TimeoutError as error:
        raise DependencyDown("timeout", f"Dashboards did not answer {method} {path} in time") from error
    except aiohttp.ClientError as error:
        raise DependencyDown("connection_failed", f"Dashboards is not there for {method} {path}: {error}") from error
    try:
        found: object = json.loads(body)
    except ValueError:
        found = None
    if answer.status == 200 and isinstance(found, dict):  # noqa: PLR2004 - HTTP OK
        return cast("Json", found)
    said: object = (
        cast("Json", found).get("message") if isinstance(found, dict) else body[:200].decode("utf-8", "replace")
    )
    if answer.status in {401, 403}:
        said = "this user or its password is not known there"
    raise DependencyDown("server_error", f"Dashboards answered {method} {path} with {answer.status}: {said}")


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_chunked(65_536):
        body += chunk
        if len(body) > MOST_BYTES:
            raise DependencyDown("server_error", f"an answer of Dashboards has more than {MOST_BYTES:,} bytes")
    return bytes(body)
