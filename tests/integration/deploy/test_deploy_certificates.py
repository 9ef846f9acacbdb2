"""What is said of a certificate that is no longer good."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.secrets import certificates
from shared.errors import DependencyDown
from shared.opensearch import ask, connect


async def test_an_expired_certificate_of_opensearch_is_one_sentence_with_what_to_do(tmp_path: Path) -> None:
    past = datetime.now(UTC) - certificates.LASTS - timedelta(days=1)
    authority = certificates.authority(past)
    node = certificates.signed(authority, "node", past, server=True)
    for name, content in (("ca.pem", authority.certificate), ("node.pem", node.certificate), ("node.key", node.key)):
        (tmp_path / name).write_bytes(content)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(tmp_path / "node.pem", tmp_path / "node.key")
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0, ssl=theirs)
    client = connect(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", ca_certs=str(tmp_path / "ca.pem"))
    try:
        with pytest.raises(DependencyDown, match=r"certificate has expired.*`docker compose up --wait` renews it"):
            await ask(client, "GET", "/")
    finally:
        await client.close()
        server.close()
        await server.wait_closed()
