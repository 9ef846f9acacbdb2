"""What provisioning did, or would do."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is provisioned. `refuse`: the change would destroy data; `detail` says which, and what to do."""

    kind: Literal["same", "create", "update", "refuse"]
    what: str
    detail: str = ""
