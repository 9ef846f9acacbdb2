"""What an answer of OpenSearch means for a document, or for a whole bulk. Pure.

| answer | to one item | to the whole bulk |
|---|---|---|
| 200, 201 | done | (its items say) |
| 409 version_conflict_engine_exception | stale: something as new is stored | none |
| any status with cluster_block_exception | halt: disk full, read-only | halt |
| 401, 403, security_exception | halt: rights are the operator's to mend, no document is at fault | halt |
| 404 | halt: the index is gone, and nothing may create it on the way | halt |
| 429, 503 and other 5xx | retry: queue full, memory, no primary | retry (429, 500), halt (other 5xx) |
| 400 mapper_parsing_exception and kin | refused | split: one of them is at fault |
| 413 | refused | split, down to one, which is refused |
| no answer in time, connection lost | none | halt |
| 200 that is no bulk answer | none | retry: a proxy's page, an answer cut short |

Type goes before status: a block or lack of rights can come as 403, 429 or 503. What is retried may have been
written already; external versions make that harmless.
"""

from http import HTTPStatus
from typing import Literal

Disposition = Literal["done", "stale", "refused", "retry", "split", "halt"]

CONFLICT = "version_conflict_engine_exception"
NO_INDEX = "index_not_found_exception"
_OPERATORS = {"cluster_block_exception", "security_exception", NO_INDEX, "index_closed_exception"}
_OK = {200, 201}
_FORBIDDEN = {401, 403, 404}


def of_item(status: int, error_type: str = "") -> Disposition:
    """What became of one document."""
    if status in _OK and not error_type:
        return "done"
    if error_type in _OPERATORS or status in _FORBIDDEN:
        return "halt"
    if status == HTTPStatus.CONFLICT:
        return "stale" if error_type == CONFLICT else "retry"
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "retry"
    return "refused"


def of_answer(status: int | None, error_type: str = "") -> Disposition:
    """What to do with a bulk whose answer as a whole is an error. `status` None: there was no answer."""
    if status is None or error_type in _OPERATORS:
        return "halt"
    if status in {400, 413}:
        return "split"
    if status in {200, 429, 500}:
        return "retry"
    return "halt"
