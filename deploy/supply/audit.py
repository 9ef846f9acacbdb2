"""Known vulnerabilities of what the lock names, by `uv audit`: python -m deploy.supply.audit [--offline-ok].

Exit 0: none is known; 1: there are some; 2: it could not be told. With --offline-ok, exit 0 where there is no network;
nothing else is excused: not a service that answers with an error, nor a lock that cannot be read.
"""

import subprocess
import sys
from typing import Final

from deploy.supply.lock import UV

OFFLINE_OK: Final = "--offline-ok"
_NO_NETWORK: Final = "client error (Connect)"
"""What uv says when no connection was made; a service that answers, however badly, is another case."""
_COMMAND: Final = (UV, "audit", "--frozen", "--preview-features", "audit")


def verdict(code: int, said: str, *, offline_ok: bool) -> tuple[int, str]:
    """The exit code, and a line for the user, of a run that ended with `code` and said this on stderr."""
    if code in {0, 1} or _NO_NETWORK not in said:
        return code, ""
    line = "newswire: the vulnerability service cannot be reached from here: NOTHING WAS AUDITED"
    return (0 if offline_ok else code), line


def main(arguments: list[str]) -> int:
    """Run it. Arguments besides ours are uv's."""
    more = [word for word in arguments if word != OFFLINE_OK]
    done = subprocess.run([*_COMMAND, *more], capture_output=True, text=True, check=False)  # noqa: S603 - from make
    code, line = verdict(done.returncode, done.stderr, offline_ok=OFFLINE_OK in arguments)
    sys.stdout.write(done.stdout)
    sys.stderr.write(f"{line}\n" if line else done.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
