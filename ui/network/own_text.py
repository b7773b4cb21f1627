"""The reader's own text in the side bar: pasted, uploaded, or fetched; and sentences for what can go wrong."""

import streamlit as st

from ui.i18n import Translate, join_sentences
from ui.network.nearest import SHORTEST, Batching, nearest
from ui.network.text_files import MAX_BYTES, Download, Text, TextError, decode, tiny_shakespeare
from ui.settings import keys
from ui.settings.choices import OWN_TEXT
from ui.settings.kept_text import LONGEST_SHOWN, set_own_text
from ui.settings.rerun import rerun
from ui.settings.setting import Settings
from ui.settings.uploaded import forget
from ui.settings.widgets import Widgets

LONGEST_PASTED = 5 * 2**20  # characters
LOOK_AGAIN = 0.5  # seconds, while a download runs


def choose_text(widgets: Widgets, data: str, _: Translate) -> str | None:
    """The reader's text, an empty one if there is none; None: it is not there yet."""
    return _own_text(widgets, _) if data == OWN_TEXT else _downloaded_text(_)


def names_a_text_without_it(settings: Settings) -> bool:
    """Whether the data are the reader's own text, and were so from the first: by a link that does not hold it, or holds
    one that nothing can be learned from."""
    data, text = settings.first(keys.DATA), settings.first(keys.TEXT)
    return data == OWN_TEXT == settings.values[keys.DATA] and not text


def _own_text(widgets: Widgets, _: Translate) -> str:
    """Text that was pasted or uploaded last. A file's text takes the field's place: other pages know it, too."""
    pasted = st.text_area(
        value=widgets.settings.first(keys.TEXT),
        height=160,
        max_chars=LONGEST_PASTED,
        on_change=_set_aside,
        placeholder=_("Paste a text here and press Ctrl+Enter."),
        **widgets.described(keys.TEXT),
    )
    # In the address only if it came in one.
    widgets.settings.note(keys.TEXT, pasted, in_url=pasted == widgets.settings.asks(keys.TEXT))
    file = st.file_uploader(
        _("or a text file (UTF-8, UTF-16 or GB18030, up to {size} MB)").format(size=MAX_BYTES >> 20),
        key=_uploader(),
        type=["txt", "md", "csv", "tex", "py", "html", "srt"],
        max_upload_size=MAX_BYTES >> 20,
        on_change=_take_over,
    )
    text, uploaded = pasted or st.session_state.get(keys.KEPT_TEXT, ""), st.session_state.get(keys.UPLOADED)
    if isinstance(uploaded, TextError) and file is not None:
        message = _("`{file}` is not used. {why}")
        st.warning(message.format(file=file.name.replace("`", ""), why=sentence(uploaded, _)))
    if isinstance(uploaded, Text) and uploaded.text == text:
        st.caption(_("{length:,} characters, {encoding}").format(length=len(text), encoding=uploaded.encoding))
        if uploaded.cut:
            st.caption(_("The file is cut in the middle of a character. That character is left out."))
    elif text and not pasted:
        message = _("A text of {length:,} characters is kept. Paste another to replace it.")
        st.caption(message.format(length=len(text)))
    return text


def _uploader() -> str:
    return f"{keys.UPLOAD}_{st.session_state.get(keys.UPLOADS, 0)}"


def _take_over() -> None:
    """Make a file that was uploaded the reader's own text, or keep why that cannot be."""
    file = st.session_state[_uploader()]
    if file is None:
        return
    try:
        uploaded: Text | TextError = (text := decode(file.getvalue()))
        if nearest(text.text, st.session_state.get(keys.BY) == "words", Batching(SHORTEST, 1)) is None:
            raise TextError("untrainable", {"needed": 2 * (SHORTEST + 1)})
        set_own_text(text.text)
        forget(file)  # its text is kept
    except TextError as error:
        uploaded = error
    st.session_state[keys.UPLOADED] = uploaded


def _set_aside() -> None:
    """Keep a long text that was pasted beside the field; a short one replaces what was kept."""
    pasted = st.session_state[keys.TEXT]
    if len(pasted) > LONGEST_SHOWN:
        set_own_text(pasted)
    elif pasted:
        st.session_state[keys.KEPT_TEXT] = ""


def _downloaded_text(_: Translate) -> str | None:
    """Tiny Shakespeare, fetched once for all."""
    download = tiny_shakespeare()
    if download.status == "waiting":
        download.start()
    if download.status == "failed":
        try:
            download.result()
        except TextError as error:
            st.warning(sentence(error, _))
        st.button(_("Try again"), key=keys.RETRY, on_click=download.start)
        return None
    text = download.result()
    if text is None:
        st.info(_("Fetching the text (1 MB). The present network continues until it is there."))
        _wait_for(download)
        return None
    return text.text


def say_that_it_is_missing(_: Translate) -> None:
    """In the page itself why the text is not there: the side bar may be closed, and without a network all is empty."""
    download = tiny_shakespeare()
    if download.status != "failed":
        st.info(_("Fetching the text (1 MB). The present network continues until it is there."))
        return
    try:
        download.result()
    except TextError as error:
        st.warning(join_sentences(sentence(error, _), _("Until then, choose other data in the side bar.")))
    st.button(_("Try again"), key=keys.RETRY_HERE, on_click=download.start)


@st.fragment(run_every=LOOK_AGAIN)
def _wait_for(download: Download) -> None:
    """Run the page again when the download has ended."""
    if download.status != "running":
        rerun()


def sentence(error: TextError, _: Translate) -> str:
    """Error message: what is wrong, what is needed, what to do."""
    sentences = {
        "too_large": _("The file has {size:,} bytes; at most {limit:,} are allowed. Cut it and upload a part."),
        "empty": _("The file has no text in it. The text you had is kept."),
        "untrainable": _(
            "Nothing can be learned from this file: a text needs at least {needed} symbols, two of them different. "
            "The text you had is kept."
        ),
        "binary": _(
            "The file is not plain text. Save it as a text file (.txt, UTF-8) in the program that made it, and upload "
            "that."
        ),
        "damaged": _(
            "The file is {encoding}, but byte {position:,} does not fit. It is cut off or damaged: save it again as "
            "UTF-8."
        ),
        "unknown_encoding": _(
            "The file's encoding is none of UTF-8, UTF-16 and GB18030. Save it as UTF-8 in a text editor, and upload "
            "that."
        ),
        "offline": _("{host} cannot be reached. Check the connection of this server, or paste a text instead."),
        "slow": _("{host} has not answered for {seconds:.0f} seconds. Try again later, or paste a text instead."),
        "http": _("{host} answered with status {status}. Try again later, or paste a text instead."),
        "wrong_file": _(
            "What {host} sent is not the known file (its SHA-256 differs), so it is not used. Paste a text instead."
        ),
        "cache": _("The text cannot be kept in the folder {folder} of this server. Paste a text instead."),
        "unexpected": _("The text could not be fetched. Try again, or paste a text instead."),
    }
    return sentences[error.kind].format(**error.values)
