"""Each user of OpenSearch does its work and is refused everything else, by the real security plugin."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from opensearchpy.exceptions import AuthenticationException, AuthorizationException, OpenSearchException

from shared import opensearch
from shared.indices import month_index
from tests.e2e.compose.conftest import Deployment

NOW = month_index(datetime.now(UTC))
OLD = "news-articles-v1-1990.01"
CHARTED = "news-pipeline-v1-1990.01"
SAVED = ".kibana_scratch"
ALL = {"query": {"match_all": {}}}


def bulk(action: str, index: str) -> str:
    """One operation that the mapping or a missing document refuses, should the role not."""
    body = {"index": '{"no_such_field": 1}\n', "update": '{"doc": {"no_such_field": 1}}\n', "delete": ""}[action]
    place = {"_index": index, "_id": "x"} | ({"version": 1, "version_type": "external"} if action == "index" else {})
    return json.dumps({action: place}) + "\n" + body


pytestmark = pytest.mark.filterwarnings("ignore:index name")  # that it begins with a dot

MAY: dict[tuple[str, str, Any], set[str]] = {}


def case(method: str, path: str, body: Any = None, *, users: str = "") -> None:
    MAY[method, path, body if isinstance(body, str) else json.dumps(body)] = set(users.split())


case("GET", "/", users="reader")
case("POST", "/news/_search", ALL, users="index provision reader")  # provisioning reads the newest epoch
case("POST", "/news-revisions/_search", ALL, users="provision reader")
case("POST", "/_search", ALL)
case("POST", "/other/_search", ALL)
case("POST", "/_mget", {"docs": [{"_index": NOW, "_id": "x"}]}, users="index reader")
case("POST", "/_msearch", '{"index":"news"}\n{"size":0}\n', users="reader")
case("GET", f"/{NOW}/_doc/x", users="reader")
case("GET", "/news/_field_caps?fields=*", users="reader")
case("POST", "/news/_search/point_in_time?keep_alive=1s", users="reader")
case("POST", "/news/_search?scroll=1s", ALL, users="index provision reader")  # the next page needs another right
case("GET", f"/{NOW}/_mapping", users="reader keeper provision")
case("POST", "/_bulk", bulk("index", NOW), users="index")
case("POST", "/_bulk", bulk("index", "news-revisions"), users="index")
case("PUT", f"/{CHARTED}", users="keeper provision")
case("POST", "/_bulk", bulk("index", CHARTED), users="keeper")
case("POST", "/_bulk", bulk("delete", CHARTED))
case("POST", f"/{CHARTED}/_search", ALL, users="provision reader")
case("DELETE", f"/{CHARTED}")
case("POST", "/_bulk", bulk("index", "other"))
case("POST", "/_bulk", bulk("delete", NOW))
case("POST", "/_bulk", bulk("update", NOW))
case("POST", f"/{NOW}/_delete_by_query", ALL)
case("POST", f"/{NOW}/_update_by_query", ALL)
case("POST", "/_reindex", {"source": {"index": NOW}, "dest": {"index": "other"}})
case("PUT", f"/{OLD}", users="keeper provision")
case("PUT", "/news-revisions", users="provision")
case("PUT", "/other")
case("DELETE", f"/{NOW}")
case("POST", f"/{NOW}/_close")
case("PUT", f"/{NOW}/_mapping", {"properties": {}}, users="provision")
case("PUT", f"/{NOW}/_settings", {"index": {"refresh_interval": "1s"}}, users="provision")  # copies
case("PUT", f"/{NOW}/_alias/news", users="provision")
case("PUT", f"/{NOW}/_alias/more", users="provision")
case("GET", "/_index_template/news-articles", users="keeper provision")
case("PUT", "/_component_template/scratch", {"template": {}}, users="provision")
case("DELETE", "/_index_template/news-articles")
case("GET", "/_cluster/settings", users="provision")
case("PUT", "/_cluster/settings", {"persistent": {"action.auto_create_index": "true"}})
case("GET", "/_cluster/health")
case("GET", "/_cat/indices")
case("GET", "/_snapshot/_all")
case("GET", "/_nodes")
case("GET", "/_plugins/_security/api/internalusers")
case("GET", "/_plugins/_security/api/roles")
# saved objects of Dashboards: readers see them, and change none
case("POST", f"/{SAVED}/_search", ALL, users="reader importer")
case("GET", f"/{SAVED}/_doc/x", users="reader importer")
case("PUT", f"/{SAVED}", users="importer")
case("PUT", "/.kibana_another", users="importer")
case("POST", f"/{SAVED}/_doc/x", {}, users="importer")
for action in ("index", "update", "delete"):
    case("POST", "/_bulk", bulk(action, SAVED), users="importer")
case("DELETE", f"/{SAVED}/_doc/x", users="importer")
case("PUT", f"/{SAVED}/_mapping", {"properties": {}}, users="importer")
case("DELETE", "/.kibana_another", users="importer")


@pytest.fixture(autouse=True, scope="module")
def _others(deployment: Deployment) -> Iterator[None]:
    """An index of somebody else's, something to copy there, and nothing of it afterwards."""
    for index in ("/other", f"/{CHARTED}", f"/{SAVED}"):
        asyncio.run(deployment.ask("PUT", index, user="operator"))
    document = f"/{NOW}/_doc/roles"
    asyncio.run(deployment.ask("PUT", f"{document}?refresh=true", {"article_id": "roles"}, user="operator"))
    yield
    made = ("/other", f"/{OLD}", f"/{CHARTED}", f"/{SAVED}", "/_component_template/scratch", f"/{NOW}/_alias/more")
    for path in (document, *made):
        asyncio.run(deployment.ask("DELETE", path, user="operator"))


async def allowed(deployment: Deployment, user: str) -> set[tuple[str, str, Any]]:
    client = opensearch.connect_as(deployment.settings(user))
    found = set()
    try:
        for method, path, body in MAY:
            try:
                answer = await client.transport.perform_request(method, path, body=None if body == "null" else body)
            except (AuthorizationException, AuthenticationException):
                continue
            except OpenSearchException:  # allowed, and wrong in another way
                found.add((method, path, body))
                continue
            if "security_exception" not in json.dumps(answer):
                found.add((method, path, body))
    finally:
        await client.close()
    return found


@pytest.mark.parametrize("user", ["index", "keeper", "provision", "reader", "importer"])
async def test_a_user_may_what_it_needs_and_nothing_else(deployment: Deployment, user: str) -> None:
    assert await allowed(deployment, user) == {request for request, users in MAY.items() if user in users}


async def test_who_learns_a_password_cannot_change_it(deployment: Deployment) -> None:
    client = opensearch.connect_as(deployment.settings("reader"))
    file = deployment.settings("reader").opensearch_password_file
    assert file
    change = {"current_password": file.read_text(), "password": "another-Password-1"}
    try:
        with pytest.raises(AuthorizationException):
            await client.transport.perform_request("PUT", "/_plugins/_security/api/account", body=change)
    finally:
        await client.close()
