"""Run the intake: python -m services.intake."""

from services.intake.service import run
from services.intake.settings import IntakeSettings

if __name__ == "__main__":
    run(IntakeSettings.load())
