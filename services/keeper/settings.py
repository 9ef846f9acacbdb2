"""Settings of the keeper: what every service is told, and nothing more."""

from shared.settings import Settings

__all__ = ["Settings"]
