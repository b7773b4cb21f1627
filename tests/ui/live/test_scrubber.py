"""What stands beside the scrubber and the link: whether the address leads to the network that is shown."""

from dataclasses import replace

import pytest
import streamlit as st
from sessions import setup
from visits import session_of, until, view, visits

from ui.i18n import language
from ui.live.scrubber import payload, unlinked
from ui.network import page as network_page
from ui.network import session as network_session
from ui.settings import keys
from ui.training.run import Run, new_trainer
from ui.training.snapshot import Look, SampleChoice, Training
from ui.training.weights import NewWeights

ENGLISH = language("en").gettext
OTHER = replace(Training(), learning_rate=0.1)


def trained(updates=20):
    run = Run(1, setup(), Training(), SampleChoice())
    if updates:
        run._note(run.trainer.step(updates))
    return run


def looked_at(run, update):
    """Whether a link leads to that moment; the sentence beside the scrubber says so too."""
    newest, shown = run.view(), run.rewind(update)(lambda share: True).view(complete=True)
    there = unlinked(shown, newest, ENGLISH) == ""
    assert ("A link opens another network" in payload(Look(update, newest), shown, ENGLISH)["unlinked"]) != there
    return there


def test_a_link_leads_to_any_moment_of_settings_that_never_changed():
    run = trained()
    assert unlinked(run.view(), run.view(), ENGLISH) == "" and all(looked_at(run, update) for update in (0, 10, 20))


def test_not_to_one_after_weights_were_set():
    run = trained()
    run.set_weights(NewWeights("recurrent", "zero"))
    assert unlinked(run.view(), run.view(), ENGLISH)
    run._note(run.trainer.step(10))
    assert [looked_at(run, update) for update in (0, 20, 21, 30)] == [True, True, False, False]


def test_not_to_a_fork_with_other_settings_nor_to_what_came_before_them():
    run = trained()
    fork = run.rewind(10)(lambda share: True).fork(2, run, OTHER)
    fork._note(fork.trainer.step(10))
    assert unlinked(fork.view(), fork.view(), ENGLISH)
    assert [looked_at(fork, update) for update in (0, 5, 10, 15)] == [True, False, False, False]
    assert looked_at(run, 15)


def test_settings_that_were_changed_before_the_first_update_are_those_of_now():
    run = trained(0)
    run.configure(OTHER)
    run._note(run.trainer.step(5))
    assert all(looked_at(run, update) for update in (0, 3, 5))


def test_not_to_a_run_whose_beginning_is_not_known():
    trainer = new_trainer(setup(), Training())
    trainer.step(5)
    seen = Run.resumed(1, trainer, SampleChoice()).view()
    assert unlinked(seen, seen, ENGLISH)


@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_the_box_with_the_link_says_so(code):
    with visits("lab", (keys.KEEP,)) as visit:
        app = visit(data="recall", hidden_size="6", speed="100", lang=code)
        session = session_of(app)
        seen = view(app, 1, 3)
        app.run()
        texts = [one.value for one in app.markdown]
        session.set_weights(NewWeights("recurrent", "zero"))
        until(lambda: session.snapshot.view.changes)
        app.run()
        told = unlinked(session.snapshot.view, seen, language(code).gettext)
        assert told and told not in texts and told in [one.value for one in app.markdown] and not app.exception


def test_the_moment_of_a_link_is_looked_at_where_the_first_run_of_the_script_is_cut_short(monkeypatch):
    ended = []

    def direct(*arguments):
        """As where the browser has more to say before the first run has ended."""
        if not ended:
            ended.append(st.session_state[keys.ASKED])
            st.rerun()
        return network_session.direct(*arguments)

    monkeypatch.setattr(network_page, "direct", direct)
    with visits("lab") as visit:
        app = visit(data="recall", hidden_size="6", speed="100", update="5")
        assert ended and session_of(app).past.wanted == 5
