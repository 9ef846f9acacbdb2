"""What every service's process begins with: logs, health, a watchdog."""

import sys

from shared import telemetry
from shared.bus.health import Health, serve, watch
from shared.settings import EXIT_CONFIG, Settings


def prepare(settings: Settings) -> Health:
    """Configure logging, serve health and metrics, and watch the event loop that is about to start.

    Raises:
        SystemExit: 78, the port is taken.
    """
    telemetry.configure(settings.log_level)
    health = Health()
    if settings.http_port:
        try:
            serve(health, settings.http_host, settings.http_port)
        except OSError as error:
            sys.stderr.write(f"newswire: port {settings.http_port} for health and metrics: {error.strerror}\n")
            sys.exit(EXIT_CONFIG)
    watch(health)
    return health
