"""NATS and FastStream, behind one door: services, commands and the keeper import nothing else of them."""

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from shared.bus.connection import connect
from shared.bus.message import Inbound, Outbound, Result
from shared.bus.service import Batch, Handler, Service, run, single
from shared.bus.settle import BatchHandler

__all__ = [
    "Batch",
    "BatchHandler",
    "Client",
    "Handler",
    "Inbound",
    "JetStreamContext",
    "Msg",
    "Outbound",
    "Result",
    "Service",
    "connect",
    "run",
    "single",
]
