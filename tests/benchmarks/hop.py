"""A pass-through stage on the bus, in the place of enrich: python -m tests.benchmarks.hop."""

from shared.bus import Inbound, Outbound
from shared.bus.service import Service, run, single
from shared.contracts import ParsedArticle
from shared.settings import Settings
from tests.benchmarks.passing import passed


async def handle(inbound: Inbound) -> Outbound:
    return Outbound(passed(ParsedArticle.read(inbound.body)))


if __name__ == "__main__":
    run(Service("enrich", Settings.load(), single(handle)))
