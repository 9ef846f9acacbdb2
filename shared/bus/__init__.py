"""NATS and FastStream, behind one door: services, commands and the keeper import nothing else of them."""

from shared.bus.connection import connect
from shared.bus.message import Inbound, Outbound, Result
from shared.bus.service import Batch, Handler, Service, run, single
from shared.bus.settle import BatchHandler

__all__ = ["Batch", "BatchHandler", "Handler", "Inbound", "Outbound", "Result", "Service", "connect", "run", "single"]
