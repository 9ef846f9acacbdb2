"""Users and roles that a running OpenSearch lacks, or has otherwise, are made reserved, as at its first start."""

import asyncio
from typing import Any, cast

import pytest
from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import NotFoundError

from deploy.opensearch import access, accounts

HASHES = dict.fromkeys(access.USERS, "$2a$12$x")


class Plugin:
    """What the security plugin keeps; it gives no hash back, and leaves out of `reserved` what was not said."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.transport = self

    async def perform_request(self, method: str, path: str, *, params: Any, body: Any) -> Any:
        name = path.rpartition("/")[2]
        if method == "PUT":
            self.kept[path] = {"reserved": False, "hidden": False, **body}
        elif path not in self.kept:
            raise NotFoundError(404, "not_found", params)
        return {name: {**self.kept[path], "hash": ""}}


def provisioned(plugin: Plugin) -> set[str]:
    client = cast("AsyncOpenSearch", plugin)
    return {each.kind for each in asyncio.run(accounts.provision(client, HASHES, dry_run=False))}


@pytest.mark.parametrize("path", ["internalusers/importer", "roles/news_keeper", "rolesmapping/kibana_user"])
def test_what_is_made_anew_is_reserved(path: str) -> None:
    plugin = Plugin()
    assert provisioned(plugin) == {"create"}
    assert provisioned(plugin) == {"same"}
    entry = plugin.kept[f"/_plugins/_security/api/{path}"]
    assert entry["reserved"]
    entry["reserved"] = False  # as earlier versions left it
    assert provisioned(plugin) == {"same", "update"}
    assert entry is not plugin.kept[f"/_plugins/_security/api/{path}"]
    assert plugin.kept[f"/_plugins/_security/api/{path}"]["reserved"]
