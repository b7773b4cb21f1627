"""The list of what of a page is open, which buttons beside it set too."""

import pytest
from visits import visits


@pytest.mark.parametrize(("page", "part"), [("course", "untrained"), ("results", "adding")])
def test_a_run_that_was_begun_before_the_browser_has_heard_of_a_press_leaves_open_what_it_opened(page, part):
    with visits(page) as open_page:
        app = open_page()
        before = app._tree.get_widget_states()
        kept = [state for state in before.widgets if state.WhichOneof("value") != "trigger_value"]
        del before.widgets[:]
        before.widgets.extend(kept)
        app.button(key=f"open_{part}").click().run()
        app._run(before)
        assert f"open_{part}" not in {button.key for button in app.button}
