"""The disposition table, row by row."""

import pytest

from services.index.disposition import of_answer, of_item

CONFLICT, BLOCK = "version_conflict_engine_exception", "cluster_block_exception"


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        (200, "", "done"),
        (201, "", "done"),
        (201, "odd_exception", "refused"),
        (409, CONFLICT, "stale"),
        (409, "something_else_exception", "retry"),
        (429, BLOCK, "halt"),
        (403, BLOCK, "halt"),
        (503, BLOCK, "halt"),
        (403, "security_exception", "halt"),
        (500, "security_exception", "halt"),
        (401, "", "halt"),
        (404, "index_not_found_exception", "halt"),
        (400, "index_closed_exception", "halt"),
        (429, "rejected_execution_exception", "retry"),
        (429, "circuit_breaking_exception", "retry"),
        (503, "unavailable_shards_exception", "retry"),
        (500, "null_pointer_exception", "retry"),
        (502, "", "retry"),
        (504, "", "retry"),
        (400, "mapper_parsing_exception", "refused"),
        (400, "strict_dynamic_mapping_exception", "refused"),
        (400, "illegal_argument_exception", "refused"),
        (413, "", "refused"),
        (202, "", "refused"),
    ],
)
def test_an_item(status: int, kind: str, expected: str) -> None:
    assert of_item(status, kind) == expected


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        (None, "", "halt"),
        (200, "", "retry"),
        (400, "illegal_argument_exception", "split"),
        (413, "", "split"),
        (429, "rejected_execution_exception", "retry"),
        (429, BLOCK, "halt"),
        (500, "", "retry"),
        (502, "", "halt"),
        (503, "cluster_manager_not_discovered_exception", "halt"),
        (504, "", "halt"),
        (401, "", "halt"),
        (403, "security_exception", "halt"),
        (404, "index_not_found_exception", "halt"),
        (405, "", "halt"),
    ],
)
def test_a_whole_answer(status: int | None, kind: str, expected: str) -> None:
    assert of_answer(status, kind) == expected
