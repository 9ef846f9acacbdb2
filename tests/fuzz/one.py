"""One target under atheris, which ends the process: python -m tests.fuzz.one TARGET [libFuzzer's options] CORPUS."""

import logging
import sys

import atheris

with atheris.instrument_imports(include=["services", "shared"]):
    from tests.fuzz.targets import TARGETS

logging.disable()
atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]])
atheris.Fuzz()
