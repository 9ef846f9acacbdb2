"""The embedded servers, for real."""

import json
from pathlib import Path
from urllib.request import Request, urlopen

import nats
import pytest

from deploy.local import jars, ports
from deploy.local.errors import LocalError
from deploy.local.home import jars_folder
from deploy.local.nats import NatsServer
from deploy.local.opensearch import OpenSearch
from tests.servers import Server


def _http(url: str, method: str = "GET", body: object = None) -> dict[str, object]:
    data = json.dumps(body).encode() if body is not None else None
    with urlopen(Request(url, data, {"Content-Type": "application/json"}, method=method), timeout=10) as answer:
        return json.load(answer)


async def _publish(url: str, times: int) -> int:
    client = await nats.connect(url)
    js = client.jetstream()
    await js.add_stream(name="T", subjects=["t"])
    for _ in range(times):
        sequence = (await js.publish("t", b"x")).seq
    await client.close()
    return sequence


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_nats_keeps_its_streams_when_it_ends_and_starts_again(nats_server: Server, end: str) -> None:
    assert await _publish(nats_server.url, 3) == 3
    getattr(nats_server, end)()
    nats_server.start()
    assert await _publish(nats_server.url, 1) == 4


def test_nats_runs_with_the_settings_that_promises_rest_on(nats_server: NatsServer) -> None:
    seen = _http(f"http://127.0.0.1:{nats_server.monitor_port}/varz")
    assert seen["max_payload"] == 4 * 1024 * 1024
    assert seen["jetstream"]["config"]["sync_always"] is True
    assert seen["feature_flags"]["js_ack_fc_v2"] is False


def test_a_paused_nats_does_not_answer_until_it_is_resumed(nats_server: NatsServer) -> None:
    nats_server.pause()
    assert not nats_server.healthy()
    nats_server.resume()
    assert nats_server.healthy()


def test_a_port_in_use_is_named_with_its_owner(nats_server: NatsServer, tmp_path: Path) -> None:
    second = NatsServer(tmp_path / "second", ports.free(), nats_server.monitor_port)
    with pytest.raises(LocalError, match=rf"port {nats_server.monitor_port}.*in use by a nats-server"):
        second.start()


def test_a_server_that_refuses_to_start_says_why(nats_server: NatsServer) -> None:
    nats_server.stop()
    (nats_server.directory / "jetstream").rename(nats_server.directory / "away")
    (nats_server.directory / "jetstream").write_text("not a folder")
    with pytest.raises(LocalError, match=r"nats-server ended with exit code 1: .*not a directory"):
        nats_server.start()


def test_opensearch_has_the_analyzers_and_makes_no_index_by_itself(opensearch_url: str) -> None:
    body = {"analyzer": "ukrainian", "text": "Кракові"}
    tokens = _http(f"{opensearch_url}/_analyze", "POST", body)["tokens"]
    assert "Краків" in [each["token"] for each in tokens]
    with pytest.raises(OSError, match="404"):
        _http(f"{opensearch_url}/not-made/_doc/1", "PUT", {})


def test_opensearch_keeps_its_documents_when_it_is_killed(opensearch_server: OpenSearch) -> None:
    url = f"{opensearch_server.url}/local-keeps"
    _http(url, "PUT", {})
    _http(f"{url}/_doc/1", "PUT", {"a": 1})
    opensearch_server.kill()
    opensearch_server.start()
    _http(f"{opensearch_server.url}/_cluster/health/local-keeps?wait_for_status=yellow&timeout=30s")
    assert _http(f"{url}/_doc/1")["_source"] == {"a": 1}
    _http(url, "DELETE")


def test_opensearch_on_a_taken_port_is_refused(opensearch_server: OpenSearch, tmp_path: Path) -> None:
    second = OpenSearch(tmp_path, opensearch_server.port, jars.ensure(jars_folder()))
    with pytest.raises(LocalError, match="in use by an OpenSearch"):
        second.start()


def test_a_runtime_that_cannot_start_opensearch_is_one_sentence(tmp_path: Path) -> None:
    files = [path for path in jars.ensure(jars_folder()) if "lucene-core" not in path.name]
    with pytest.raises(LocalError, match=r"OpenSearch ended with exit code 1: .*lucene"):
        OpenSearch(tmp_path, 9299, files).start()
