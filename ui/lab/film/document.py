"""The file of a film: its pictures, the scripts that draw them, and nothing from elsewhere."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from ui.charts.bundle import bundle
from ui.lab.film.packing import packed

STATIC = Path(__file__).parent / "static"
LARGEST = 5_000_000  # bytes
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"


def document(about: Mapping[str, Any], frames: Sequence[Mapping[str, Any]]) -> str:
    """The page as HTML. Where it would be too large every second frame is left out, the last one never.

    about : `language`, `title`, `words`, `colours`, `facts` ((name, text) rows), `link`, and the `loss` figure.
    frames : `update`, `numbers`, `verdict` and the `score` figure of each moment, in order.
    """
    page = _page(about, packed(about, frames))
    while len(page.encode()) > LARGEST and len(frames) > 1:
        frames = frames[::-2][::-1]
        page = _page(about, packed(about, frames))
    return page


def _page(about: Mapping[str, Any], film: str) -> str:
    colours = "".join(f"--{name}: {colour};" for name, colour in about["colours"].items())
    style = (STATIC / "film.css").read_text(encoding="utf-8")
    return "\n".join((
        "<!doctype html>",
        f'<html lang="{escape(about["language"])}">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        f"<title>{escape(about['title'])}</title>",
        f"<style>:root {{ {colours} }}\n{style}</style></head>",
        (STATIC / "film.html").read_text(encoding="utf-8"),
        f'<script type="text/plain" id="film">{film}</script>',
        f"<script>{bundle(STATIC / 'film.js')}</script>",
        "</html>",
        "",
    ))  # fmt: skip
