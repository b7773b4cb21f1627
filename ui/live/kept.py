"""What the page says of the networks that the browser keeps (static/keeper.js)."""

from ui.i18n import Translate

MEGABYTES = 32  # of all networks that a browser keeps (static/store.js)


def words(_: Translate, takeaway: bool) -> dict[str, str]:
    """Words of the line about it; the browser puts the update in. takeaway : whether the network can be saved as a
    checkpoint."""
    words = {
        "kept": _("Kept in this browser: update {update}."),
        "keptErase": _("Erase my networks"),
        "keptOff": _("Networks are not kept in this browser."),
        "keepAgain": _("Keep them"),
        "keptElsewhere": _("This browser keeps a network with these settings, at update {update}."),
        "keptTake": _("Continue with it"),
    }
    if not takeaway:
        return words | {
            "keptLarge": _(
                "These networks are too large to be kept in this browser: they are lost when the server is restarted, "
                "or five minutes after you leave."
            ),
            "keptFull": _(
                "This browser has no room left, and keeps nothing more: these networks are lost when the server is "
                "restarted, or five minutes after you leave."
            ),
            "keptRefused": _(
                "This browser does not let the page keep anything, as in some private windows: these networks are lost "
                "when the server is restarted, or five minutes after you leave."
            ),
        }
    return words | {
        "keptLarge": _(
            "This network is too large to be kept in this browser. Save it as a checkpoint: it is lost when the server "
            "is restarted, or five minutes after you leave."
        ),
        "keptFull": _(
            "This browser has no room left, and keeps nothing more. Save the network as a checkpoint: it is lost when "
            "the server is restarted, or five minutes after you leave."
        ),
        "keptRefused": _(
            "This browser does not let the page keep anything, as in some private windows. Save the network as a "
            "checkpoint: it is lost when the server is restarted, or five minutes after you leave."
        ),
    }
