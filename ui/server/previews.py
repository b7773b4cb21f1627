"""Preview of a link where it is shared or found by a search: title, description and picture."""

from html import escape
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from ui.i18n import LANGUAGES, N_, language, preferred

FOLDER = Path(__file__).parents[2] / "docs"  # of the pictures: `make pictures`
PATH = "browser/pictures"  # relative to where the pages lie


class Preview(NamedTuple):
    """Description of a page: its name in the navigation, its heading, and what can be seen there."""

    name: str
    heading: str
    description: str


PREVIEWS = {
    "lab": Preview(
        N_("Lab"),
        N_("Watch a recurrent network learn"),
        N_("Train a small recurrent network in the browser and see every one of its numbers while it learns."),
    ),
    "course": Preview(
        N_("Course"),
        N_("Predict, run, explain"),
        N_("Short lessons on recurrent networks: guess first, then a real network is trained and judges your guess."),
    ),
    "unroll": Preview(
        N_("Unroll"),
        N_("Open the arithmetic of a network"),
        N_("A recurrent network unrolled over your sentence: every product forwards, every gradient backwards."),
    ),
    "gradients": Preview(
        N_("Gradients"),
        N_("See memory fade"),
        N_("How far back a recurrent network learns: gradients through time, measured while it trains."),
    ),
    "memory": Preview(
        N_("Memory"),
        N_("What does each unit remember?"),
        N_("A text coloured by what a hidden unit holds at each symbol, and what the network does without that unit."),
    ),
    "arena": Preview(
        N_("Arena"),
        N_("Which network can learn what?"),
        N_("Recurrent networks trained side by side on the same data: which of them learns the task, and when."),
    ),
    "language": Preview(
        N_("Language"),
        N_("Let it speak"),
        N_("A language model of your own: how probable it finds each symbol, what it writes, and whether you beat it."),
    ),
    "shapes": Preview(
        N_("Shapes"),
        N_("The shapes of sequences"),
        N_("One to many, many to one, many to many, both directions, several layers: each shape trains before you."),
    ),
}


def language_of(query: str, accepted: str) -> str:
    """The code of the language that the page will be in. accepted : the Accept-Language header.

    >>> language_of("lang=zh_CN", "en-GB"), language_of("", "zh-CN,zh;q=0.9"), language_of("lang=xx", "")
    ('zh_CN', 'zh_CN', 'en')
    """
    asked = dict(part.partition("=")[::2] for part in query.split("&")).get("lang", "")
    return asked if asked in LANGUAGES else preferred(accepted)


def with_preview(document: str, page: str, code: str, root: str) -> str:
    """Streamlit's document with what it says of a page, in a language. root : the address that the pages lie under."""
    _ = language(code).gettext
    name, heading, description = map(_, PREVIEWS[page])
    tags = {
        "og:type": "website",
        "og:site_name": "RNN Lab",
        "og:locale": {"en": "en_GB"}.get(code, code),
        "og:title": heading,
        "og:description": description,
        "og:image": f"{root}{PATH}/{page}.png",
        "og:image:alt": heading,
    }
    title = _("{page} · RNN Lab").format(page=name)
    lines = [
        f"<title>{escape(title)}</title>",
        f'<meta name="description" content="{escape(description)}" />',
        *(f'<meta property="{key}" content="{escape(value)}" />' for key, value in tags.items()),
        '<meta name="twitter:card" content="summary_large_image" />',
    ]
    document = document.replace('<html lang="en">', f'<html lang="{code.replace("_", "-")}">', 1)
    return document.replace("<title>Streamlit</title>", "\n    ".join(lines), 1)


async def picture(request: Request) -> Response:
    """The picture of a page."""
    page = request.path_params["page"]
    if page not in PREVIEWS:
        return Response(status_code=404)
    return FileResponse(FOLDER / f"{page}.png", headers={"cache-control": "public, max-age=86400"})
