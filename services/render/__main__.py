"""Run the renderer: python -m services.render."""

from services.render.service import run
from services.render.settings import RenderSettings

if __name__ == "__main__":
    run(RenderSettings.load())
