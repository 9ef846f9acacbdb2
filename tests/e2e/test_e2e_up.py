"""The embedded run as a user starts it: everything up, the samples published, everything stopped."""

import os
import subprocess
import sys
from pathlib import Path

from deploy.local import home, ports
from deploy.local.state import read_state


def demo(folder: Path) -> subprocess.CompletedProcess[str]:
    opensearch = next(port for port in range(9290, 9200, -1) if not ports.in_use(port))
    numbers = {name: ports.free() for name in ("--nats-port", "--nats-monitor-port", "--intake-port")}
    numbers["--opensearch-port"] = opensearch
    options = [word for name, number in numbers.items() for word in (name, str(number))]
    return subprocess.run(
        [sys.executable, "-m", "services.ctl", "up", "--demo", "--once", *options],
        env=os.environ
        | {"NEWSWIRE_HOME": str(folder), "NEWSWIRE_CACHE": str(home.jars_folder().parent), "COLUMNS": "300"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def test_the_samples_end_as_expected_and_a_second_run_finds_them_unchanged(tmp_path: Path) -> None:
    first = demo(tmp_path)
    assert first.returncode == 0, first.stdout + first.stderr
    assert first.stdout.count("│ yes ") == 6
    assert first.stdout.count("│ indexed ") == 4
    assert "│ invalid_json " in first.stdout
    assert read_state(tmp_path) is None

    second = demo(tmp_path)
    assert second.returncode == 0, second.stdout + second.stderr
    assert second.stdout.count("│ unchanged ") == 4
