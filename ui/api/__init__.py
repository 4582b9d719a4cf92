"""The answer API: typed routes over the parts that `ui/app.py` built. Who may call them is the gate's to say."""

from ui.api.building import build_api

__all__ = ["build_api"]
