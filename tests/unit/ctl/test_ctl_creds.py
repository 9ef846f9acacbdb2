"""How to log in, as the command's own container knows it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from services.ctl import creds
from services.ctl.__main__ import cli


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ca.pem", "reader.password", "operator.password", "nats.nk"):
        (tmp_path / name).write_text(f"the {name}")
    monkeypatch.setattr(creds, "HERE", tmp_path)


@pytest.mark.usefixtures("secrets")
def test_every_address_is_shown() -> None:
    shown = CliRunner().invoke(cli, ["creds"], env={"NEWSWIRE_INTAKE_PORT": "9090"}).output

    assert "http://127.0.0.1:9090/v1/raw/SOURCE" in shown
    assert all(each in shown for each in ("nats://127.0.0.1:4222", "https://127.0.0.1:9200", "http://127.0.0.1:5601"))


@pytest.mark.usefixtures("secrets")
def test_the_intakes_address_is_in_the_json() -> None:
    assert '"intake":"http://127.0.0.1:8090"' in CliRunner().invoke(cli, ["creds", "--json"]).output.replace(": ", ":")
