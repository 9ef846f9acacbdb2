"""The README's commands for Docker, as they stand there, one after the other in one shell."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.compose.conftest import ROOT, Deployment
from tests.e2e.compose.test_compose_articles import PAGE


def commands() -> str:
    section = (ROOT / "README.md").read_text().split("## With Docker\n")[1].split("\n## ")[0]
    return section.split("```sh\n")[1].split("```")[0]


@pytest.mark.timeout(900)
def test_the_commands_do_what_they_say(deployment: Deployment, nats_command: Path, tmp_path: Path) -> None:
    article = tmp_path / "article.html"
    article.write_text(PAGE.format("Readme Lighthouse"))
    text = commands().replace("article.txt", str(article)).replace(".newswire/login", str(tmp_path / "login"))
    text = text.replace(":9200/", f":{deployment.numbers['OPENSEARCH']}/")
    script = f'set -eux\nnats() {{ {nats_command} "$@"; }}\n{text}'
    env = deployment.env | {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Readme Lighthouse") >= 2
    assert '"hits"' in done.stdout
