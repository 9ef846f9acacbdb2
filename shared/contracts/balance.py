"""A source's balance: what became of everything it published."""

from shared.contracts.base import Contract, Token


class Balance(Contract):
    """`raw + replayed = indexed + skipped + dead + in_flight + lost`, in messages.

    `lost`: still in flight when RAW was made anew; an outcome that comes later moves it there. `duplicates` counts
    records of what was recorded already, and balances nothing.
    """

    source: Token
    raw: int = 0
    replayed: int = 0
    indexed: int = 0
    skipped: int = 0
    dead: int = 0
    in_flight: int = 0
    lost: int = 0
    duplicates: int = 0
