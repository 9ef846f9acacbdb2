"""Run the parse stage: python -m services.parse."""

from services.parse.service import build
from services.parse.settings import ParseSettings
from shared.bus.service import run

if __name__ == "__main__":
    run(build(ParseSettings.load()))
