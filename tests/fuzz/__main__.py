"""Fuzz the parser: python -m tests.fuzz [--seconds N] [TARGET...]. A find is kept, to become a fixture once mended."""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.fuzz.targets import TARGETS

FIXTURES: Final = Path(__file__).parents[1] / "fixtures"
WORK: Final = Path(".fuzz")
"""Inputs that reached new code, kept between runs; git does not know them."""
SLOW_SECONDS: Final = 10
MEGABYTES: Final = 1_500
LONGEST: Final = 20_000


def main() -> int:
    """Each target for its share of the time; 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; default all")
    parser.add_argument("--seconds", type=int, default=120, help="for all targets together; default 120")
    arguments = parser.parse_args()
    if unknown := set(arguments.targets) - TARGETS.keys():
        parser.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    names = arguments.targets or list(TARGETS)
    share = max(1, arguments.seconds // len(names))
    failed = [name for name in names if fuzz(name, share)]
    for name in failed:
        sys.stdout.write(f"{name}: see {WORK / name}/finds; mended, it becomes {FIXTURES.name}/fuzz/{name}-WHAT\n")
    sys.stdout.write(f"{len(names) - len(failed)} of {len(names)} targets found nothing\n")
    return bool(failed)


def fuzz(name: str, seconds: int) -> bool:
    """Whether anything was found in one target."""
    corpus, finds = WORK / name / "corpus", WORK / name / "finds"
    corpus.mkdir(parents=True, exist_ok=True)
    finds.mkdir(exist_ok=True)
    _seed(name, corpus)
    options = (f"-max_total_time={seconds}", f"-timeout={SLOW_SECONDS}", f"-rss_limit_mb={MEGABYTES}",
               f"-max_len={LONGEST}", f"-artifact_prefix={finds}/", "-print_final_stats=1")  # fmt: skip
    command = [sys.executable, "-m", "tests.fuzz.one", name, *options, str(corpus)]
    return subprocess.run(command, check=False).returncode != 0


def _seed(name: str, corpus: Path) -> None:
    """Begin from the fixtures: of pages their beginning, behind each byte that chooses how they are read."""
    known = [path.read_bytes() for path in sorted((FIXTURES / "fuzz").glob(f"{name}-*"))]
    pages = [path.read_bytes() for kind in ("*.txt", "*.html") for path in sorted(FIXTURES.rglob(kind))]
    for number, seed in enumerate([*known, *(bytes([at % 6]) + page[:4_000] for at, page in enumerate(pages))]):
        (corpus / f"seed-{number}").write_bytes(seed)


if __name__ == "__main__":
    sys.exit(main())
