"""Preview of a link where it is shared or found by a search: title, description and picture."""

from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from ui.i18n import language, language_named, preferred
from ui.pages import PAGES

FOLDER = Path(__file__).parents[2] / "docs"  # of the pictures: `make pictures`
PATH = "browser/pictures"  # relative to where the pages lie


def language_of(query: str, accepted: str) -> str:
    """The code of the language that the page will be in. accepted : the Accept-Language header.

    >>> language_of("lang=zh", "en-GB"), language_of("", "zh-CN,zh;q=0.9"), language_of("lang=xx", "")
    ('zh_CN', 'zh_CN', 'en')
    """
    asked = dict(part.partition("=")[::2] for part in query.split("&")).get("lang", "")
    return language_named(asked) or preferred(accepted)


def with_preview(document: str, page: str, code: str, root: str) -> str:
    """Streamlit's document with what it says of a page, in a language. root : the address that the pages lie under."""
    _ = language(code).gettext
    name, heading, description = map(_, PAGES[page])
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
    if page not in PAGES:
        return Response(status_code=404)
    return FileResponse(FOLDER / f"{page}.png", headers={"cache-control": "public, max-age=86400"})
