"""Read what somebody gave, and say what it took: `python -m tests.fakes.given_child FILE HOW`.

HOW: `warc`, as `newswire replay` does; `opml`, as `newswire sources import`; `post`, FILE is a request to the intake.
"""

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.local import ports
from services.ctl import sourcelists
from services.intake import service
from services.intake.http import Intake
from services.intake.settings import IntakeSettings
from tests.fakes.fetch_child import peak_mb
from tests.fakes.shelf import TOKEN, Shelf, register
from tests.fakes.taken import Watch, cpu

OTHER = "nwt_" + "o" * 43
TOKENS = {"harbour": TOKEN, "mill": OTHER}
OF_SERVERS = ("nats-", "newswire-origin", "ce-")
"""Beginnings of headers that are the pipeline's own."""


async def post(file: Path) -> str:
    """The name of the problem, or how many articles were accepted."""
    shelf, port = Shelf(), ports.free()
    async with service.listening(Intake(register(TOKENS), shelf, None, 2.0), IntakeSettings(intake_port=port)):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(file.read_bytes())
            async with asyncio.timeout(15):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                body = await reader.readexactly(_length(head))
        finally:
            writer.transport.abort()
    status = head.split(" ")[1]
    if status != "202":
        return str(json.loads(body)["type"]).rpartition(":")[2] if "problem+json" in head else f"HTTP {status}"
    passed = [name for each in shelf.stored for name in each.headers if name.lower().startswith(OF_SERVERS)]
    return f"{len(shelf.stored)} accepted" + (f" with {passed}" if passed else "")


def _length(head: str) -> int:
    lengths = [line.partition(":")[2] for line in head.lower().split("\r\n") if line.startswith("content-length:")]
    return int(lengths[0]) if lengths else 0


def opml(file: Path) -> str:
    try:
        found = sourcelists.read(file)
        return f"{len(sourcelists.apart(found, {}))} sources"
    except sourcelists.ListError:
        return "refused"


def warc(file: Path) -> str:
    """How many articles and faults the reader of archives found."""
    command = [sys.executable, "-m", "services.fetch.replay", str(file)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        return f"exit {done.returncode}"
    articles = faults = at = 0
    while at < len(done.stdout):
        end = done.stdout.index(b"\n", at)
        facts = json.loads(done.stdout[at:end])
        articles, faults = articles + ("article" in facts), faults + ("fault" in facts)
        at = end + 1 + int(facts.get("bytes", 0))
    return f"{articles} read, {faults} broken"


def main(file: Path, how: str) -> dict[str, object]:
    """What became of the file."""
    idle = _idle() if how == "warc" else 0.0
    before, watch, of_readers = _peak(how), Watch(), cpu(resource.RUSAGE_CHILDREN)
    outcome = asyncio.run(post(file)) if how == "post" else (warc if how == "warc" else opml)(file)
    read = max(cpu(resource.RUSAGE_CHILDREN) - of_readers - idle, 0.0)  # it waits for nobody
    seconds = read if how == "warc" else watch.seconds
    return {"outcome": outcome, "seconds": seconds, "before_mb": before, "peak_mb": _peak(how)}


def _idle() -> float:
    """Seconds of a processor in which the reader of archives starts and ends."""
    with tempfile.TemporaryDirectory() as folder:
        empty, before = Path(folder) / "empty.warc", cpu(resource.RUSAGE_CHILDREN)
        empty.write_bytes(b"")
        warc(empty)
        return cpu(resource.RUSAGE_CHILDREN) - before


def _peak(how: str) -> float:
    """Of the reader of archives, or of this process."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 if how == "warc" else peak_mb()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), sys.argv[2])))
