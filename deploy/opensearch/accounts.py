"""Brings users and roles of a running OpenSearch to deploy/opensearch/access.py, as its administrator.

The files the security plugin starts from count for its first start only. What is reserved is changed by who holds the
administrator's certificate, and nobody else.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from opensearchpy import AsyncOpenSearch

from deploy.change import Change
from deploy.opensearch.access import Json, accounts, mappings, roles
from shared.opensearch import ask

_API: Final = "/_plugins/_security/api"
_WRITE_ONLY: Final = {"hash"}
"""Never given back."""


def known_hashes(file: Path) -> dict[str, str]:
    """User to bcrypt hash, from the file that deploy.secrets made for the plugin.

    Raises:
        OSError, ValueError: it cannot be read.
    """
    entries: dict[str, Json] = json.loads(file.read_bytes())
    return {name: entry["hash"] for name, entry in entries.items() if "hash" in entry}


async def provision(administrator: AsyncOpenSearch, hashes: Mapping[str, str], *, dry_run: bool) -> list[Change]:
    """Roles, who has them, and users; with `dry_run` only say what would change. Those of others stay as they are.

    Raises:
        DependencyDown: OpenSearch is away or refuses.
    """
    wanted = {"roles": roles(), "rolesmapping": mappings(), "internalusers": accounts(hashes)}
    return [
        await _entry(administrator, kind, name, entry, dry_run=dry_run)
        for kind, entries in wanted.items()
        for name, entry in entries.items()
    ]


async def _entry(client: AsyncOpenSearch, kind: str, name: str, entry: Json, *, dry_run: bool) -> Change:
    what, path = f"{_SINGULAR[kind]} {name}", f"{_API}/{kind}/{name}"
    answer: dict[str, Any] | None = await ask(client, "GET", path)
    if answer and _covers(answer[name], {key: value for key, value in entry.items() if key not in _WRITE_ONLY}):
        return Change("same", what)
    if not dry_run:
        await ask(client, "PUT", path, entry)
    return Change("update", what, "other contents") if answer else Change("create", what)


_SINGULAR: Final = {"roles": "role", "rolesmapping": "holders of role", "internalusers": "user"}


def _covers(found: Any, wanted: Any) -> bool:
    """Whether everything wanted is there; the plugin adds empty fields."""
    if isinstance(wanted, dict):
        known, fields = cast("Json", found if isinstance(found, dict) else {}), cast("Json", wanted)
        return all(_covers(known.get(key), value) for key, value in fields.items())
    if isinstance(wanted, list):
        listed = cast("Sequence[Any]", found if isinstance(found, list) else [])
        items = cast("Sequence[Any]", wanted)
        return len(listed) == len(items) and all(map(_covers, listed, items))
    return bool(found == wanted)
