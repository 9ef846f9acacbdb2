"""The deployment's own certificate authority, and what it signs: OpenSearch's node and its administrator."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LASTS, LASTS = timedelta(days=3650), timedelta(days=730)
RENEW_BEFORE: Final = timedelta(days=60)
ORGANISATION: Final = "newswire"
NODE_NAMES: Final = ("opensearch", "localhost")
_SKEW: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key, PEM."""

    certificate: bytes
    key: bytes


def authority(now: datetime) -> Pair:
    """A new certificate authority, which may sign certificates and nothing below it may."""
    key, name = ec.generate_private_key(ec.SECP256R1()), _name("authority")
    builder = (
        _builder(name, name, key.public_key(), now, AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return _pem(builder.sign(key, hashes.SHA256()), key)


def signed(by: Pair, common_name: str, now: datetime, *, server: bool) -> Pair:
    """A certificate of `common_name`, for clients; with `server` also for OpenSearch's names and loopback."""
    issuer, issuer_key = x509.load_pem_x509_certificate(by.certificate), _key(by.key)
    key = ec.generate_private_key(ec.SECP256R1())
    purposes = [ExtendedKeyUsageOID.CLIENT_AUTH, *([ExtendedKeyUsageOID.SERVER_AUTH] if server else [])]
    builder = (
        _builder(_name(common_name), issuer.subject, key.public_key(), now, LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if server:
        names = [*map(x509.DNSName, NODE_NAMES), x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return _pem(builder.sign(issuer_key, hashes.SHA256()), key)


def lasts(certificate: bytes, by: bytes, now: datetime) -> bool:
    """Whether the certificate was signed by this authority, and is far from its end.

    Raises:
        ValueError: one of them is no certificate.
    """
    found, issuer = x509.load_pem_x509_certificate(certificate), x509.load_pem_x509_certificate(by)
    try:
        found.verify_directly_issued_by(issuer)
    except Exception:  # noqa: BLE001 - the library raises several kinds, all meaning no
        return False
    return found.not_valid_after_utc - now > RENEW_BEFORE


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, period: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + period)
    )


def _name(common: str) -> x509.Name:
    pairs = ((NameOID.ORGANIZATION_NAME, ORGANISATION), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in pairs])


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, crl_sign=signs,
        key_encipherment=False, data_encipherment=False, key_agreement=False,
        content_commitment=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(pem, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the authority's key is of another kind")
    return key


def _pem(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return Pair(certificate.public_bytes(encoding), key.private_bytes(encoding, form, serialization.NoEncryption()))
