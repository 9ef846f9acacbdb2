"""Alerts stand on metrics that there are, and each tells where its runbook is."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client import REGISTRY
from promql_parser import AggregateExpr, BinaryExpr, Call, MatrixSelector, NumberLiteral, ParenExpr, VectorSelector

import services.keeper.metrics
import shared.telemetry
from shared.subjects import STAGES, STREAMS
from tests.unit.deploy import manifests

MONITORING = manifests.ROOT / "deploy" / "monitoring"
RULES: list[dict[str, Any]] = yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"][0]["rules"]
RUNBOOK = (manifests.ROOT / "docs" / "operations.md").read_text()
SCRAPED = {"instance", "job"}
OF_PROMETHEUS = {"up": set[str]()}
VALUES = {
    "stage": {*STAGES, "intake"},
    "stream": {each.name for each in STREAMS},
    "state": set(services.keeper.metrics._STATES),
}


def metrics() -> dict[str, set[str]]:
    """Every series that the services' code registers, with its labels."""
    known: dict[str, set[str]] = dict(OF_PROMETHEUS)
    assert shared.telemetry.READY
    for collector, names in REGISTRY._collector_to_names.items():
        labels = set(getattr(collector, "_labelnames", ()))
        for name in names:
            known[name] = labels | ({"le"} if name.endswith("_bucket") else set())
    return known


def selectors(expression: Any) -> Iterator[VectorSelector]:
    """Every series that an expression names. An unknown kind of expression is an error of this test."""
    match expression:
        case VectorSelector():
            yield expression
        case MatrixSelector():
            yield expression.vector_selector
        case BinaryExpr():
            yield from selectors(expression.lhs)
            yield from selectors(expression.rhs)
        case AggregateExpr() | ParenExpr():
            yield from selectors(expression.expr)
        case Call():
            for each in expression.args:
                yield from selectors(each)
        case _:
            assert isinstance(expression, NumberLiteral), type(expression)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_names_series_and_labels_that_there_are(rule: dict[str, Any]) -> None:
    known = metrics()
    found = list(selectors(promql_parser.parse(rule["expr"])))
    assert found
    for each in found:
        assert each.name in known, f"{rule['alert']}: no such metric {each.name}"
        for matcher in each.matchers.matchers:
            assert matcher.name in known[each.name] | SCRAPED
            if matcher.name in VALUES:
                assert set(matcher.value.split("|")) <= VALUES[matcher.name]
    grouped = {name for each in re.findall(r"by \(([^)]*)\)", rule["expr"]) for name in each.split(", ")}
    assert grouped <= {name for each in found for name in known[each.name]}
    shown = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    assert shown <= (grouped or {name for each in found for name in known[each.name]} | SCRAPED)


def test_a_metric_that_is_not_there_would_be_found() -> None:
    names = [each.name for each in selectors(promql_parser.parse("sum(rate(newswire_nonsense_total[5m])) > 1"))]
    assert names == ["newswire_nonsense_total"]
    assert not set(names) & metrics().keys()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_has_a_runbook(rule: dict[str, Any]) -> None:
    anchor = rule["annotations"]["runbook_url"].removeprefix("docs/operations.md#")
    assert anchor == rule["alert"].lower()
    entry = RUNBOOK.split(f"\n### {rule['alert']}\n")[1].split("\n#")[0]
    assert {"**Means**", "**Look**", "**Do**"} <= set(re.findall(r"\*\*\w+\*\*", entry))
    assert rule["labels"]["severity"] in {"page", "warn"}


def test_no_runbook_is_for_an_alert_that_is_gone() -> None:
    assert set(re.findall(r"^### (Newswire\w+)$", RUNBOOK, re.MULTILINE)) == {each["alert"] for each in RULES}


def test_every_service_is_scraped_where_it_answers() -> None:
    described = yaml.safe_load((MONITORING / "prometheus.yml").read_text())
    [job] = described["scrape_configs"]
    [listed] = job["static_configs"]
    ours = {*STAGES, "keeper", "intake"}
    services_ = [name for name, each in manifests.compose()["services"].items() if name in ours and each]
    assert sorted(listed["targets"]) == sorted(f"{name}:8080" for name in services_)
    override = yaml.safe_load((MONITORING / "compose.yml").read_text())["services"]
    assert all(override[name] == {"environment": {"NEWSWIRE_HTTP_HOST": "0.0.0.0"}} for name in services_)
    assert override["prometheus"]["ports"] == ["127.0.0.1:${NEWSWIRE_PROMETHEUS_PORT:-9090}:9090"]
    assert set(override) == {*services_, "render", "prometheus"}
    assert override["render"] == override["fetch"]
    assert job["dns_sd_configs"] == [{"names": ["render"], "type": "A", "port": 8080}], "off by default"


def test_promtool_takes_the_rules() -> None:
    promtool = shutil.which("promtool")
    if not promtool:
        pytest.skip("no promtool here")
    for arguments in (["rules", MONITORING / "alerts.yml"], ["config", MONITORING / "prometheus.yml"]):
        done = subprocess.run([promtool, "check", *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
