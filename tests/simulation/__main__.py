"""`python -m tests.simulation [SOURCES] [SEED] [--http] [--nats]`: a day of simulated sources, against the bars.

With --http over real HTTP on loopback, with --nats on the real nats-server; otherwise both are played in memory. In as
many processes as there are cores.
"""

import sys
import time

from tests.simulation.shares import How, whole

NAMED = 20
"""Versions that were missed or doubled, of which is said which they are."""


def main() -> int:
    """Run it, print the figures; 1 when one of them is below its bar."""
    how, given = How("--http" in sys.argv, "--nats" in sys.argv), [int(each) for each in sys.argv[1:] if each.isdigit()]
    sources, seed = given[0] if given else 2_000, given[1] if len(given) > 1 else 1
    began = time.monotonic()
    found = whole(sources, seed, how)
    bars = {
        "recall": (f"{found.found:,} of {found.versions:,} versions", found.found == found.versions),
        "duplicates": (f"{found.duplicates}", found.duplicates == 0),
        "deletions": (
            f"{found.deletions_found} of {found.deletions}, {found.deletions_wrong} wrong or doubled",
            found.deletions_found == found.deletions and not found.deletions_wrong,
        ),
        "delay": (f"median {found.delay_ratio:.3f} of the source's own interval", found.delay_ratio < 0.25),
        "requests": (f"{found.requests:,}, {found.fewer:.1f} times fewer than every 5 minutes", found.fewer >= 4),
        "politeness": (f"{found.closest:.1f} s between requests to a site at least", found.closest >= 1),
    }
    print(f"{sources:,} sources, a day, seed {seed}, {how}, in {time.monotonic() - began:.0f} s")
    for name, (figure, good) in bars.items():
        print(f"  {'ok  ' if good else 'FAIL'} {name:<12} {figure}")
    print(f"       {found.short_found:,} of {found.short:,} versions that lived shorter than the source's own interval")
    print(f"       {found.deletions_unseen} deletions of articles that lived as short, and were never seen")
    print(f"       {found.under_a_quarter:.0%} of sources of 8 articles and more have their median below a quarter")
    for what, keys in (("missed", found.missed), ("doubled", found.doubled)):
        for site, article, edition in keys[:NAMED]:
            print(f"       {what}: {site}, article {article}, edition {edition}")
    return int(not all(good for _, good in bars.values()))


if __name__ == "__main__":
    sys.exit(main())
