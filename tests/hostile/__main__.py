"""`python -m tests.hostile`: each case in a process of its own, with what it ended as, took and held in memory.

Seconds are those of the clock less what was waited for a processor, and each row states how many it may take.
"""

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.fakes.hostile_http import HostileServer, answer, hostile_server
from tests.hostile.cases import CASES, Case
from tests.hostile.given import GIVEN, Given

ROOT = Path(__file__).parents[2]
MOST_MB = 400.0
"""More is a failure, whatever the outcome; five megabytes of XML are a tree of 300 MB for a moment."""
HANGS = 600.0
"""Seconds by the clock after which a case that does not end is ended."""
ROW = "{:<4} {:<46} {:<22} {:>8} {:>8}  {}"


async def run(case: Case, site: HostileServer, victim: HostileServer) -> dict[str, Any]:
    """What became of the case; the victim must not have been reached."""
    name = case.url.format(port=victim.port, site=site.port)
    site.pages = {"/warm": answer(), "/case": _with_port(case, victim.port), **case.more}
    report = await reported(
        "tests.fakes.fetch_child", str(site.port), name, case.how, str(victim.port), HTTP_PROXY=victim.url,
        http_proxy=victim.url,
    )  # fmt: skip
    report["good"] = report["outcome"] in case.ends and within(report, case.seconds) and not victim.connections
    return report


def _with_port(case: Case, port: int) -> Any:
    return case.page.replace(b"{port}", str(port).encode()) if isinstance(case.page, bytes) else case.page


async def read(given: Given, folder: Path) -> dict[str, Any]:
    """What became of something that was given to us."""
    file = folder / "given"
    file.write_bytes(given.body)
    report = await reported("tests.fakes.given_child", str(file), given.how)
    report["good"] = report["outcome"] in given.ends and within(report, given.seconds)
    return report


async def reported(*command: str, **env: str) -> dict[str, Any]:
    """What a child says of itself in its last line; before it may stand a log."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, env=os.environ | env
    )
    try:
        async with asyncio.timeout(HANGS):
            out, _ = await child.communicate()
    except TimeoutError:
        child.kill()
        await child.wait()
        return {"outcome": "it hangs", "seconds": HANGS, "before_mb": 0.0, "peak_mb": 0.0}
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


def within(report: dict[str, Any], seconds: float) -> bool:
    """Whether it took no more than it may."""
    return bool(report["peak_mb"] - report["before_mb"] < MOST_MB and report["seconds"] <= seconds)


def show(case: Case | Given, report: dict[str, Any]) -> bool:
    """Print a row; whether it is as it must be."""
    grown = report["peak_mb"] - report["before_mb"]
    seconds, memory = f"{report['seconds']:.1f} < {case.seconds:.0f}", f"{report['peak_mb']:.0f} +{grown:.0f}"
    mark = "ok" if report["good"] else f"FAIL, not {' or '.join(case.ends)} in that"
    print(ROW.format(case.row, case.name[:46], report["outcome"][:22], seconds, memory, mark), flush=True)
    return bool(report["good"])


async def main() -> int:
    """Print the table; 1 when a case did not end as it must."""
    print(ROW.format("row", "case", "ended as", "s", "peak MB", ""))
    good: list[bool] = []
    async with hostile_server() as site, hostile_server() as victim:
        good += [show(case, await run(case, site, victim)) for case in CASES]
    with tempfile.TemporaryDirectory() as folder:
        good += [show(given, await read(given, Path(folder))) for given in GIVEN]
    print(f"{sum(good)} of {len(good)} ended as they must; the victim was reached {victim.connections} times")
    return int(not all(good))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
