"""NATS users' keys. The server learns the public half only."""

import secrets

import nkeys


def new_seed() -> bytes:
    """The seed of a new user key: text that begins with SU."""
    return bytes(nkeys.encode_seed(secrets.token_bytes(32), nkeys.PREFIX_BYTE_USER))


def public(seed: bytes) -> str:
    """The public key of a seed: text that begins with U.

    Raises:
        ValueError: it is no seed.
    """
    try:
        return bytes(nkeys.from_seed(bytearray(seed.strip())).public_key).decode()
    except (nkeys.NkeysError, ValueError) as error:
        raise ValueError("not the seed of an nkey") from error
