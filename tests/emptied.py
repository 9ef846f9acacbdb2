"""An OpenSearch without anything of ours: tests share one node."""

from opensearchpy import AsyncOpenSearch

from shared.indices import ARTICLES_PATTERN, PIPELINE_PATTERN, REVISIONS
from shared.opensearch import ask, indices


async def remove_indices(client: AsyncOpenSearch) -> None:
    """Remove all articles, revisions and outcomes, index by index: the node takes no wildcard."""
    for pattern in (ARTICLES_PATTERN, REVISIONS, PIPELINE_PATTERN):
        for name in await indices(client, pattern):
            await ask(client, "DELETE", f"/{name}")
