"""Notices for the reader."""

from ui.i18n import language
from ui.live.notices import connection


def test_what_the_server_did_not_get_may_have_come_from_any_control():
    for code, button in (("en", "button"), ("zh_CN", "按钮")):
        assert button not in connection(language(code).gettext, {})["refused"]
