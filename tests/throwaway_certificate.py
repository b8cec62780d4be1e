"""A certificate for one host name, made for one test run, with the standard library alone.

It lets a test serve the https addresses that programs name. The key is thrown away with the run, so its arithmetic
need not withstand an attacker who measures it.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

__all__ = ["Certificate", "make_certificate"]

# The curve P-256 (FIPS 186-5): y^2 = x^3 - 3x + b over the field of PRIME, a base point and its order.
PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
BASE = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)

# Tags and object identifiers of DER (X.690, RFC 5480, RFC 5280).
INTEGER, BITS, OCTETS, TEXT, TIME, SEQUENCE, SET = 0x02, 0x03, 0x04, 0x0C, 0x17, 0x30, 0x31
EC_PUBLIC_KEY = bytes.fromhex("06072a8648ce3d0201")
CURVE_P256 = bytes.fromhex("06082a8648ce3d030107")
ECDSA_WITH_SHA256 = bytes.fromhex("06082a8648ce3d040302")
COMMON_NAME = bytes.fromhex("0603550403")
SUBJECT_ALTERNATIVE_NAME = bytes.fromhex("0603551d11")

Point = tuple[int, int]


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate and its key, as PEM files."""

    certificate: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        """The context of a server that shows it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_certificate(host: str, folder: Path) -> Certificate:
    """Make a certificate for a host name that is valid from yesterday until tomorrow."""
    secret = secrets.randbelow(ORDER - 1) + 1
    public = b"\0\4" + b"".join(number.to_bytes(32, "big") for number in _times(secret, BASE))
    algorithm = _der(SEQUENCE, ECDSA_WITH_SHA256)
    name = _der(SEQUENCE, _der(SET, _der(SEQUENCE, COMMON_NAME, _der(TEXT, host.encode()))))
    now = datetime.now(UTC)
    validity = [_der(TIME, f"{now + timedelta(days=days):%y%m%d%H%M%SZ}".encode()) for days in (-1, 1)]
    host_names = _der(SEQUENCE, _der(0x82, host.encode()))
    content = _der(
        SEQUENCE,
        _der(0xA0, _integer(2)),  # version 3
        _integer(secrets.randbits(64)),
        algorithm,
        name,
        _der(SEQUENCE, *validity),
        name,
        _der(SEQUENCE, _der(SEQUENCE, EC_PUBLIC_KEY, CURVE_P256), _der(BITS, public)),
        _der(0xA3, _der(SEQUENCE, _der(SEQUENCE, SUBJECT_ALTERNATIVE_NAME, _der(OCTETS, host_names)))),
    )
    signed = _der(SEQUENCE, content, algorithm, _der(BITS, b"\0", _signature(content, secret)))
    key = _der(
        SEQUENCE,
        _integer(1),
        _der(OCTETS, secret.to_bytes(32, "big")),
        _der(0xA0, CURVE_P256),
        _der(0xA1, _der(BITS, public)),
    )
    return Certificate(
        _pem(folder / "certificate.pem", "CERTIFICATE", signed), _pem(folder / "key.pem", "EC PRIVATE KEY", key)
    )


def _signature(content: bytes, secret: int) -> bytes:
    """ECDSA (FIPS 186-5, 6.4.1)."""
    digest = int.from_bytes(hashlib.sha256(content).digest(), "big")
    once = secrets.randbelow(ORDER - 1) + 1
    first = _times(once, BASE)[0] % ORDER
    second = pow(once, -1, ORDER) * (digest + first * secret) % ORDER
    return _der(SEQUENCE, _integer(first), _integer(second))


def _times(factor: int, point: Point) -> Point:
    """The sum of `factor` times the same point; `factor` is at least 1."""
    total: Point | None = None
    while factor:
        if factor & 1:
            total = point if total is None else _sum(total, point)
        point = _sum(point, point)
        factor >>= 1
    assert total is not None
    return total


def _sum(one: Point, other: Point) -> Point:
    if one == other:
        slope = 3 * (one[0] ** 2 - 1) * pow(2 * one[1], -1, PRIME)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, PRIME)
    x = (slope**2 - one[0] - other[0]) % PRIME
    return x, (slope * (one[0] - x) - one[1]) % PRIME


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 + len(digits)]) + digits + content


def _integer(number: int) -> bytes:
    return _der(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _pem(path: Path, kind: str, content: bytes) -> Path:
    path.write_text(f"-----BEGIN {kind}-----\n{base64.encodebytes(content).decode()}-----END {kind}-----\n")
    return path
