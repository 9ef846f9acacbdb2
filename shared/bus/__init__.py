"""NATS and FastStream, behind one door: services, commands and the keeper import nothing else of them.

What a stage needs is in `shared.bus.service`; commands do not import it, and with it FastStream.
"""

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext

from shared.bus.connection import connect
from shared.bus.message import Inbound, Outbound, Result

__all__ = ["Client", "Inbound", "JetStreamContext", "Msg", "NatsError", "Outbound", "Result", "connect"]
