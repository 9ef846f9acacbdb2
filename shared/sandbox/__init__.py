"""Work on untrusted input in child processes that can be killed.

`Pool` starts one zygote, which imports a worker module (`frames.Worker`) and loads what it needs, and forks children
that share this memory. The kernel limits what a request may cost; a child that dies costs one request.
"""

from shared.sandbox.frames import Limits, Note, Worker
from shared.sandbox.pool import ChildDied, Pool, WorkerBugError

__all__ = ["ChildDied", "Limits", "Note", "Pool", "Worker", "WorkerBugError"]
