"""`python -m services.fetch`."""

from services.fetch.service import service
from services.fetch.settings import FetchSettings
from shared.bus.service import run

if __name__ == "__main__":
    run(service(FetchSettings.load()))
