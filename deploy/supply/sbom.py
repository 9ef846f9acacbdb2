"""A CycloneDX bill of materials for each image, from the lock: python -m deploy.supply.sbom FOLDER."""

import sys
from pathlib import Path

from deploy.supply.lock import SERVICES, export, groups_of


def main() -> int:
    """Write FOLDER/newswire-<service>.cdx.json for each."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for service in SERVICES:
        path = folder / f"newswire-{service}.cdx.json"
        path.write_text(export(groups_of(service), "--format", "cyclonedx1.5", "--preview-features", "sbom-export"))
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
