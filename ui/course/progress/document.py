"""The file that is handed in: one page to read, to print and to verify, which loads nothing from elsewhere."""

import base64
from collections.abc import Mapping
from html import escape
from typing import Any

from ui.course.lesson import Translate
from ui.course.progress.hand_in import ID, bare, canonical, checksum
from ui.i18n import N_

STYLE = """
@page { size: A4; margin: 16mm; }
body { max-width: 46rem; margin: 1.5rem auto; padding: 0 1rem; background: #fff; color: #2b2e38;
       font: 15px/1.5 "Source Sans 3", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin: 0 0 .4rem; }
section { break-inside: avoid; margin: 1.6rem 0; padding-top: .8rem; border-top: 1px solid #c9ccd3; }
table { width: 100%; table-layout: fixed; border-collapse: collapse; } caption { text-align: left; }
th, td { padding: .25rem .5rem; border-bottom: 1px solid #e3e5ea; text-align: left; vertical-align: top; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; } dd { margin: 0; }
th:first-child { width: 40%; } th:last-child { width: 12%; } td { overflow-wrap: break-word; }
dd, a, code { overflow-wrap: anywhere; } img { display: block; max-width: 100%; margin: .6rem 0; }
ul { margin: .4rem 0; padding: 0; list-style: none; } footer { font-size: .875rem; }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 10pt; line-height: 1.4; } a { color: inherit; }
  h1, h2 { break-after: avoid; } section { margin: 1rem 0; padding-top: .5rem; }
  img { max-width: 130mm; max-height: 95mm; margin: .3rem 0; }
}
@media screen and (max-width: 30rem) {
  table { font-size: .8rem; } th, td { padding: .25rem; } th:first-child { width: 30%; }
}
"""


def picture_address(svg: str) -> str:
    """The drawing as an address; what is in it is shown as a picture and never run."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def document(record: dict[str, Any], charts: Mapping[str, str], translate: Translate) -> str:
    """The page as HTML. charts : lesson -> its chart as SVG."""
    page = _page(record, charts, translate)
    whole = record | {"page": checksum(bare(_html(record, page, "", "", translate)))}
    hidden = canonical(whole).replace("<", "\\u003c")  # the same JSON; no tag can end it
    return _html(record, page, hidden, checksum(canonical(whole)), translate)


def _html(record: Mapping[str, Any], page: str, hidden: str, digits: str, translate: Translate) -> str:
    label, checked = translate("Checksum (SHA-256):"), translate(CHECKED)
    title = escape(" – ".join(filter(None, (translate("What I did in the course"), record["name"]))))
    return "\n".join((
        "<!doctype html>",
        f'<html lang="{escape(record["language"].replace("_", "-"))}">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
        "style-src 'unsafe-inline'\">",
        f"<title>{title}</title><style>{STYLE}</style></head>",
        f"<body><main>{page}</main>",
        f"<footer><p>{escape(label)} <code id=\"checksum\">{digits}</code></p>",
        f"<p>{escape(checked)}</p></footer>",
        f'<script type="application/json" id="{ID}">{hidden}</script>',
        "</body>",
        "</html>",
        "",
    ))  # fmt: skip


CHECKED = N_(
    "The course’s list of lessons can verify this file. The checksum shows whether anything in it was changed, by "
    "accident or by hand. It is no signature: whoever knows how can make a file with a checksum that fits. The links "
    "run each network again, to the same measured values."
)


def _page(record: dict[str, Any], charts: Mapping[str, str], _: Translate) -> str:
    scores = [entry["score"] for entry in record["lessons"] if entry["score"] is not None]
    facts = [
        (_("Name"), record["name"] or "–"),
        (_("Date"), record["date"]),
        (_("Lessons done"), str(len(scores))),
        (_("Mean score"), f"{sum(scores) / len(scores):.0%}" if scores else "–"),
        *_questions(record["questions"], _),
        (_("Computed with"), ", ".join(f"{name} {number}" for name, number in record["versions"].items())),
    ]
    heading = _("What I did in the course")
    parts = [f"<h1>{escape(heading)}</h1>", _facts(facts)]
    return "\n".join(parts + [_lesson(entry, charts.get(entry["name"]), _) for entry in record["lessons"]])


def _questions(found: Mapping[str, Any], _: Translate) -> list[tuple[str, str]]:
    labels = {"before": _("Ten questions: before"), "after": _("Ten questions: after")}
    rows = [(labels[time], _("{share} right").format(share=f"{share:.0%}")) for time, share in found["right"].items()]
    if len(rows) == 2:
        nothing = _("none: there was nothing to gain, all ten answers were right before")
        gained = nothing if found["gain"] is None else f"{found['gain']:.0%}".replace("-", "−")
        rows.append((_("Normalised gain (Hake 1998)"), gained))
    return rows


def _lesson(entry: Mapping[str, Any], chart: str | None, _: Translate) -> str:
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in (
        _("Question"), _("My guess"), _("Measured"), _("Score")))  # fmt: skip
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in (
            guess["label"], guess["answer_text"], guess["measured_text"] or "–",
            "–" if guess["score"] is None else f"{guess['score']:.0%}")) + "</tr>"
        for guess in entry["guesses"]
    )  # fmt: skip
    tasks = "".join(f"<li>{'✓' if task['done'] else '○'} {escape(task['label'])}</li>" for task in entry["tasks"])
    if chart and entry["score"] is not None:
        alt = _("Your guess beside the measured value.")
        picture = f'<img src="{picture_address(chart)}" alt="{escape(alt)}">'
    else:
        locked = _("The guess is locked; the network has not run yet.")
        elsewhere = _("No picture: this lesson was run in another browser.")
        picture = f"<p>{escape(locked if entry['score'] is None else elsewhere)}</p>"
    links = "".join(
        f'<dt>{escape(label)}</dt><dd><a href="{escape(address)}">{escape(address)}</a></dd>'
        for label, address in ((_("The same run"), entry["address"]), (_("The network"), entry["network"]))
        if address.startswith(("http://", "https://"))
    )
    seed = _("Seed")
    return "\n".join((
        f"<section><h2>{escape(entry['title'])}</h2>",
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>",
        picture,
        f"<ul>{tasks}</ul>",
        f"<dl><dt>{escape(seed)}</dt><dd>{entry['seed']}</dd>{links}</dl></section>",
    ))  # fmt: skip


def _facts(rows: list[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in rows) + "</dl>"
