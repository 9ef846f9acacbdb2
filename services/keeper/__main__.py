"""Run the keeper: python -m services.keeper."""

from services.keeper.service import run
from services.keeper.settings import Settings

run(Settings.load())
