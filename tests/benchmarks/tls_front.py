"""TLS with kept connections before a plain server on loopback, as AWS's endpoints have them."""

import asyncio
import datetime as dt
import ipaddress
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOP_BY_HOP = {b"connection", b"content-length", b"date", b"server", b"transfer-encoding"}
NOT_OF_AWS = {b"access-control-allow-origin", b"status"}
"""What the plain server says beside what DynamoDB says; a client pays for each header that it reads."""


@contextmanager
def tls_front(plain: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The https address before the plain one, and the certificate that its clients have to trust."""
    certificate, key = _certificate(folder)
    server = uvicorn.Server(
        uvicorn.Config(
            _proxy(plain), host="127.0.0.1", port=0, log_level="error", lifespan="off",
            ssl_certfile=str(certificate), ssl_keyfile=str(key),
        )
    )  # fmt: skip
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    try:
        yield f"https://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", certificate.read_text()
    finally:
        server.should_exit = True
        thread.join()


def _proxy(plain: str) -> Any:
    client = httpx.AsyncClient(base_url=plain, trust_env=False)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            event = await receive()
            body, more = body + event.get("body", b""), event.get("more_body", False)
        headers = [(name, value) for name, value in scope["headers"] if name not in HOP_BY_HOP]
        answer = await client.request(scope["method"], scope["path"], headers=headers, content=body)
        lowered = [(name.lower(), value) for name, value in answer.headers.raw]
        kept = [(name, value) for name, value in lowered if name not in HOP_BY_HOP | NOT_OF_AWS]
        kept.append((b"content-length", str(len(answer.content)).encode()))
        await send({"type": "http.response.start", "status": answer.status_code, "headers": kept})
        await send({"type": "http.response.body", "body": answer.content})

    return app


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    certificate = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    pem, secret = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))
    return pem, secret
