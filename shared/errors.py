"""What a handler may raise, and the closed lists of reasons.

    Outcome
    ├── Skip            expected and final: a skip record, then ack
    ├── Poison          can never work: a dead letter with the original bytes, then term
    └── Transient       may work later: nak with a growing delay
        └── DependencyDown   nothing will work until it is back: the stage waits, no delivery is burnt

Anything else that a handler raises is a bug: logged with its traceback, retried as Transient,
dead-lettered with reason `attempts_exhausted` when the attempts run out.
"""

from typing import Final, Literal, get_args

SkipReason = Literal[
    "unchanged",  # index: the whole document is the one already stored
    "stale",  # index: something newer is stored already
    "too_short",  # parse: less text than any article has
    "not_an_article",  # parse: no headline, or a page without prose
    "index_page",  # parse: a list of links, a section's front, a category
    "video_page",  # parse: a video with its description
    "gallery_page",  # parse: pictures with their captions
    "live_blog",  # parse: entries of a running story, which has no end yet
    "product_page",  # parse: something for sale
    "forum_page",  # parse: a thread, or a question with its answers
    "reference_page",  # parse: documentation
    "service_page",  # parse: what a company or an office offers
    "error_page",  # parse: "404 not found" and its kin
    "consent_wall",  # parse: the page shows only its cookie dialogue
    "bot_challenge",  # parse: the page asks to prove that one is human
    "javascript_shell",  # parse: the page is empty until a script fills it
    "opted_out",  # the publisher reserved its rights and the operator honours that
    "not_modified",  # fetch: the server said 304
]

PoisonReason = Literal[
    "empty_body",  # nothing was published
    "binary_body",  # neither text nor markup: an image, an archive
    "undecodable_text",  # no character set gives text
    "invalid_json",  # said to be JSON and is not
    "invalid_envelope",  # JSON, but not an envelope of ours
    "invalid_message",  # a message between stages that breaks its contract
    "schema_newer",  # written by a newer major version
    "unsupported_type",  # a content type that no parser reads
    "unsupported_encoding",  # a Content-Encoding other than zstd, gzip or identity
    "too_large",  # more bytes than may be read or passed on
    "too_deep",  # markup nested deeper than any page
    "too_many_nodes",  # more elements or attributes than any page
    "resource_limit",  # the parser's child ran out of time or memory
    "invalid_url",  # fetch: a URL that may not be fetched
    "blocked_address",  # fetch: the address behind the URL is not public
    "http_error",  # fetch: an answer that will not change
    "refused_by_mapping",  # index: OpenSearch cannot take this document
    "invalid_origin",  # a replay without a readable origin
    "attempts_exhausted",  # still failing after the last attempt
    "max_deliveries",  # the server stopped delivering: the handler never answered
    "terminated",  # somebody terminated the message outside of the bus
]

TransientReason = Literal[
    "timeout",
    "connection_failed",
    "rate_limited",
    "server_error",
    "child_died",
    "index_busy",
    "unexpected_error",
    "dependency_down",
    "stream_full",
]

SKIP_REASONS: Final = get_args(SkipReason)
POISON_REASONS: Final = get_args(PoisonReason)
TRANSIENT_REASONS: Final = get_args(TransientReason)


class Outcome(Exception):
    """What became of a message, other than success. `detail` is one line for a person."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Skip(Outcome):
    """Expected and final: the message needs no further stage.

    `facts` are fields of the skip record that the handler knows (article_id, headline, url).
    """

    def __init__(self, reason: SkipReason, detail: str = "", **facts: str | None) -> None:
        super().__init__(reason, detail)
        self.facts = facts


class Poison(Outcome):
    """Can never work, however often it is tried."""

    def __init__(self, reason: PoisonReason, detail: str = "") -> None:
        super().__init__(reason, detail)


class Transient(Outcome):
    """May work later. `retry_after`: seconds the other side asked for, if it did."""

    def __init__(self, reason: TransientReason, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(reason, detail)
        self.retry_after = retry_after


class DependencyDown(Transient):
    """A server that every message needs is away: the stage waits for it with its messages in hand."""
