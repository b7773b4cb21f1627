"""The list of results: claim, the paper's number, what was measured, and the verdict."""

from collections.abc import Mapping

import streamlit as st

from ui.i18n import Translate
from ui.network.results import RESULTS
from ui.network.results.record import Result, Trials, findings
from ui.network.results.sentences import AGREES, label_of, range_of, shown, verdict_word
from ui.network.results.stored import Stored, stored
from ui.results.controls import open_result
from ui.settings import keys

MARKS = {AGREES: "✓"}  # before a verdict; another is a circle


def overview(_: Translate) -> None:
    """Every result in a row."""
    st.markdown(
        _(
            "What papers found about recurrent networks, trained again. Every number below “measured” was measured "
            "with the code of this app and kept with its date, processor, versions and commit; the verdict is "
            "computed from it. Open a result to see all of them, and to measure it again, now."
        )
    )
    entries = stored()
    words = [verdict_word(result, _trials(entries, name)) for name, result in RESULTS.items()]
    message = _("{agree} of {all} results agree with what we expect.")
    st.text(message.format(agree=words.count(AGREES), all=len(words)))
    rows = st.container(key=keys.RESULT_LIST)
    for (name, result), word in zip(RESULTS.items(), words, strict=True):
        title, about = rows.columns([2, 3], gap="medium")
        title.button(_(result.title), key=f"open_{name}", width="stretch", on_click=open_result, args=(name,))
        title.text(result.by)
        title.text(_(result.claim))
        lines = [_("The paper's number: {text}").format(text=_(result.published))]
        lines += _first_number(result, entries.get(name), _)
        mark, said = MARKS.get(word, "○"), _(word)
        lines.append(f"{mark} {said}")
        about.text("\n".join(lines))


def _first_number(result: Result, entry: Stored | None, _: Translate) -> list[str]:
    """The first of the numbers that decide."""
    if entry is None:
        return []
    first = findings(result, entry.trials)[0]
    return [
        _("{what}: measured {value}, expected {range}").format(
            what=label_of(first.check, result, _),
            value=shown(first.value, first.check.form),
            range=range_of(first.check, _),
        )
    ]


def _trials(entries: Mapping[str, Stored], name: str) -> Trials | None:
    entry = entries.get(name)
    return None if entry is None else entry.trials
