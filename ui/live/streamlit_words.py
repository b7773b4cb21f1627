"""Words that Streamlit itself puts on the page, in the reader's language: it has them in English alone."""

from ui.i18n import N_, Translate

# As Streamlit writes them; {} is whatever stands there.
WORDS = (
    N_("Upload"), N_("{} per file"), N_("file upload"),
    N_("File must be {} or smaller."), N_("{} files are not allowed."),
    N_("Error: "), N_("Add files"), N_("add icon"),
    N_("Only one file is allowed."), N_("Unexpected error. Please try again."),
    N_("Press Enter to apply"), N_("Press Enter to submit form"), N_("Press Ctrl+Enter to apply"),
    N_("Choose options"), N_("Select all"), N_("Clear all"), N_("Remove {}"), N_("No results"), N_("Selected values"),
    N_("Open"), N_("Increment"), N_("Decrement"), N_("Help for {}"), N_("Help"),
    N_("Sidebar"), N_("Collapse sidebar"), N_("Expand sidebar"), N_("App pages"), N_("Skip to main content"),
)  # fmt: skip


def streamlit_words(_: Translate) -> list[tuple[str, str]]:
    """(what Streamlit writes, the reader's words) each, where the two differ."""
    return [(words, _(words)) for words in WORDS if _(words) != words]
