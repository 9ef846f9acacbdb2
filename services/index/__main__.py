"""`python -m services.index`."""

from services.index.service import service
from services.index.settings import IndexSettings
from shared.bus.service import run

if __name__ == "__main__":
    run(service(IndexSettings.load()))
