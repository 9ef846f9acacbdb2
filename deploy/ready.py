"""Whether the service in this container is ready: python -m deploy.ready. Exit 0: it is; 1: it is not, and says why."""

import http.client
import os
import sys


def main() -> int:
    """Ask the service's own /readyz."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("NEWSWIRE_HTTP_PORT", "0")), timeout=2)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        sys.stdout.write(answer.read(500).decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException) as error:
        sys.stdout.write(f"no answer: {error}")
        return 1
    return int(answer.status != http.HTTPStatus.OK)


if __name__ == "__main__":
    sys.exit(main())
