"""A worker that never gets done loading."""

import time

time.sleep(60)
