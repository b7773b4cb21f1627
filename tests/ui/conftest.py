"""Every figure that a test of the pages makes keeps to what the canvas draws (ui/charts/spec.py)."""

import plotly.graph_objects as go
import pytest

from ui.charts.spec import foreign


@pytest.fixture(autouse=True)
def drawable(monkeypatch):
    """Refuse a figure with anything that the canvas would refuse, where it is made."""
    make = go.Figure.__init__

    def made(figure, *arguments, **options):
        make(figure, *arguments, **options)
        beyond = foreign(figure.to_plotly_json())
        assert not beyond, f"the canvas draws no {', '.join(sorted(set(beyond)))}"

    monkeypatch.setattr(go.Figure, "__init__", made)
