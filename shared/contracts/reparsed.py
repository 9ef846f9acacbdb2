"""What `newswire reparse` and the parser say to each other, and what a recorded result is made of. Never published."""

from typing import Literal

from pydantic import Base64Bytes

from shared.contracts.article import ParsedArticle
from shared.contracts.base import Contract, Line, Token, Utc


class RawRecord(Contract):
    """A raw message as it was accepted. `key`: its origin, or the file it is in. `headers` have lower-case names."""

    key: Line
    source: Token
    headers: dict[str, str]
    observed_at: Utc
    body: Base64Bytes


class Reparsed(Contract):
    """What a parser makes of a raw message: an article, or else the reason there is none."""

    key: Line
    source: Token
    outcome: Literal["parsed", "skipped", "refused", "failed"]
    """As in `shared.errors`: an article, a Skip, Poison; or a bug of the parser."""
    reason: Line = ""
    detail: Line = ""
    article: ParsedArticle | None = None
