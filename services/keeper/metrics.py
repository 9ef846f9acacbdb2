"""What the keeper measures, for Prometheus."""

from typing import Final

from prometheus_client import Gauge

from services.keeper.core import leading
from shared.contracts.balance import Balance

MOST_SOURCES: Final = 50
"""Sources with series of their own: those with the most messages. The rest are summed as `_other`."""

STREAM_MESSAGES = Gauge("newswire_stream_messages", "Messages in a stream", ["stream"])
STREAM_BYTES = Gauge("newswire_stream_bytes", "Bytes in a stream", ["stream"])
STREAM_FILL = Gauge("newswire_stream_fill", "Part of a stream's max_bytes that is used", ["stream"])
PENDING = Gauge("newswire_stage_pending", "Messages that wait for a stage", ["stage"])
ACK_PENDING = Gauge("newswire_stage_ack_pending", "Messages in hand or waiting to be tried again", ["stage"])
REDELIVERED = Gauge("newswire_stage_redelivered", "Unsettled messages delivered more than once", ["stage"])
OLDEST = Gauge("newswire_oldest_pending_seconds", "Age of the oldest message a stage has not settled", ["stage"])
LEDGER = Gauge("newswire_ledger", "A source's messages by what became of them", ["source", "state"])
IMBALANCE = Gauge("newswire_ledger_imbalance", "Messages recorded as in flight, less those that are, when last known")
CHECKED = Gauge("newswire_ledger_checked_timestamp_seconds", "When the imbalance was last known")
CHARTED = Gauge(
    "newswire_charted_timestamp_seconds", "When outcomes were last copied to OpenSearch, as far as there are"
)
TROUBLED = Gauge("newswire_sources_in_trouble", "Sources that are quiet, drift or fail", ["trouble"])
JUDGED = Gauge("newswire_health_judged_timestamp_seconds", "When sources were last judged, by all that was published")
DEAD_LETTERS = Gauge("newswire_dead_letters", "Dead letters that are kept")

_STATES: Final = ("raw", "replayed", "indexed", "skipped", "dead", "in_flight", "lost")


def show(balances: dict[str, Balance]) -> None:
    """Set the series of the ledger."""
    LEDGER.clear()
    for source, balance in leading(balances, MOST_SOURCES).items():
        for state in _STATES:
            LEDGER.labels(source, state).set(getattr(balance, state))
