"""Whether the service in this container is ready: python -m deploy.ready. Exit 0: it is; 1: it is not, and says why.

Asked for every few seconds in each container, so without `http.client`, which takes longer to load than all of this.
"""

import os
import socket
import sys

REQUEST = b"GET /readyz HTTP/1.0\r\n\r\n"


def main() -> int:
    """Ask the service's own /readyz."""
    try:
        head, _, told = ask(int(os.environ.get("NEWSWIRE_HTTP_PORT", "0"))).partition(b"\r\n\r\n")
    except OSError as error:
        sys.stdout.write(f"no answer: {error}")
        return 1
    sys.stdout.write(told[:500].decode("utf-8", "replace") or "no answer")
    return int(head.split(b" ")[1:2] != [b"200"])


def ask(port: int) -> bytes:
    """All that it answers; it closes when that is said."""
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(REQUEST)
        return b"".join(iter(lambda: connection.recv(4096), b""))


if __name__ == "__main__":
    sys.exit(main())
