"""Run the enrich stage: python -m services.enrich."""

from services.enrich.service import build
from services.enrich.settings import Settings
from shared.bus.service import run

run(build(Settings.load()))
