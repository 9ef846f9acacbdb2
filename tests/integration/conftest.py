"""What tests of the services share: the streams of a nats-server."""

from collections.abc import AsyncIterator

import nats
import pytest
from nats.js import JetStreamContext

from deploy.nats.provision import Sizing, provision


@pytest.fixture
async def js(nats_url: str) -> AsyncIterator[JetStreamContext]:
    """JetStream with all of its streams."""
    client = await nats.connect(nats_url)
    try:
        await provision(client.jetstream(), Sizing(), dry_run=False)
        yield client.jetstream()
    finally:
        await client.close()
