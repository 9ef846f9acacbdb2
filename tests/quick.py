"""Runs a service as it is, but for less patience: a message is delivered again after 2 s, and tried 3 times.

python -m tests.quick services.enrich
"""

import runpy
import sys
from dataclasses import replace

import deploy.nats.provision as provisioning
from shared import subjects
from shared.bus import settle

ACK_WAIT = 2
"""Seconds; small enough to wait for in a test, and a third of it is still a beat."""
ATTEMPTS = 3
"""Deliveries before a message that keeps failing is dead-lettered."""
QUARANTINE_AFTER = 4


def quicken() -> None:
    """Shorten the patience of the table, for services and for provisioning."""
    settle.QUARANTINE_AFTER = QUARANTINE_AFTER
    for name, row in list(subjects.STAGES.items()):
        subjects.STAGES[name] = replace(row, consumer=replace(row.consumer, ack_wait=ACK_WAIT), attempts=ATTEMPTS)
    consumers = {row.consumer.durable: row.consumer for row in subjects.STAGES.values()}
    provisioning.CONSUMERS = tuple(consumers.get(each.durable, each) for each in subjects.CONSUMERS)


if __name__ == "__main__":
    quicken()
    module = sys.argv.pop(1)
    runpy.run_module(module, run_name="__main__", alter_sys=True)
