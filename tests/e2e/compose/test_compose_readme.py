"""The README's commands for Docker, as they stand there, one after the other in one shell."""

import os
import re
import subprocess
from pathlib import Path

from tests.e2e.compose.conftest import ROOT, Deployment

HEADLINE = "Mountain observatory at Kestrel Pass records first light"


def commands() -> str:
    section = (ROOT / "README.md").read_text().split("## With Docker\n")[1].split("\n## ")[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))


async def test_the_commands_do_what_they_say(deployment: Deployment, nats_command: Path, tmp_path: Path) -> None:
    text = commands().replace(".newswire/login", str(tmp_path / "login"))
    text = text.replace(":9200/", f":{deployment.numbers['OPENSEARCH']}/")
    script = f'set -eux\nnats() {{ {nats_command} "$@"; }}\n{text}'
    env = deployment.env | {"PATH": os.environ["PATH"]}
    try:
        done = subprocess.run(
            ["bash", "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, timeout=800, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        (found,) = await deployment.until("afp", 1)
    finally:  # who may publish was changed
        deployment.up()
        deployment.compose("kill", "-s", "HUP", "nats")
    assert found["headline"].startswith(HEADLINE)
    assert done.stdout.count(HEADLINE) >= 2, "found by the command and by curl"
    assert "Velmar opens first all-electric ferry line" in done.stdout
    assert "inbox prefix _INBOX_publisher" in done.stdout
    assert '"hits"' in done.stdout
