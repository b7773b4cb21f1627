"""Every figure that a test of the pages makes keeps to what the canvas draws (ui/charts/spec.py)."""

import plotly.graph_objects as go
import pytest

from ui.charts.spec import foreign


@pytest.fixture(autouse=True)
def drawable(monkeypatch):
    """Refuse a figure with anything that the canvas would refuse or leave out, where it is made."""
    make = go.Figure.__init__

    def made(figure, *arguments, **options):
        make(figure, *arguments, **options)
        written = figure.to_plotly_json()
        beyond, layout = foreign(written), written.get("layout", {})
        assert not beyond, f"the canvas draws no {', '.join(sorted(set(beyond)))}"
        assert "legend" not in layout or "showlegend" in layout, "the canvas draws a legend where showlegend is true"

    monkeypatch.setattr(go.Figure, "__init__", made)
