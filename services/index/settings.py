"""Settings of index: those of every service, with OpenSearch's address among them."""

from shared.settings import Settings


class IndexSettings(Settings):
    """Nothing of its own."""
