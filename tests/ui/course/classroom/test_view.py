"""The door to a class on the list of lessons, and the page of a class before the browser has shown a key."""

import json
import re

import pytest
from visits import until, visits

from ui.course import form
from ui.course.classroom import registry, view
from ui.course.classroom.codes import written_code
from ui.course.classroom.registry import Classes
from ui.settings import keys
from ui.training.capacity import Capacity


@pytest.fixture
def open_page(monkeypatch):
    """A function that opens the page with a query, on a server with one place."""
    made = Classes(Capacity(1))
    monkeypatch.setattr(registry, "CLASSES", made)
    with visits("course") as open_one:
        yield open_one
    for classroom in list(made._classes.values()):
        made.end(classroom)


def asked_for(app) -> str:
    return "".join(app.query_params.get(keys.CLASS, ""))


def test_a_class_is_started_with_one_press_and_its_key_is_in_no_address(open_page):
    app = open_page()
    app.button(key=keys.CLASS_START).click().run()
    assert not app.exception and re.fullmatch("[A-Z]{3}-[A-Z]{3}-[A-Z]{3}", asked_for(app))
    code, key = app.session_state[keys.CLASS_KEY]
    assert registry.CLASSES.known(code).is_teacher(key) and key not in str(app.query_params)
    assert not app.selectbox  # the teacher's own list stands in the element
    app.button(key=keys.COURSE_BACK).click().run()
    assert asked_for(app) == "" and app.button(key=keys.CLASS_START)


def test_a_members_guess_counts_in_their_own_progress(open_page, lessons, rest):
    classroom = registry.CLASSES.start(lessons)
    member = classroom.join()
    classroom.go("untrained", "guess")
    classroom.guess(member, "untrained", {"loss": 3.4})
    app = open_page(**{keys.CLASS: classroom.code})
    app.session_state[keys.CLASS_KEY] = classroom.code, member
    app.run().session_state[keys.COURSE].load("", lessons)
    state = app.run().session_state[keys.COURSE]
    assert state.records == {} and app.header[0].value == "Lesson 4: Before it has learned"
    rest.set()
    classroom.go("untrained", "run")
    until(lambda: classroom.view.run.status == "done")
    classroom.go("untrained", "compare")
    app.run()
    assert not app.exception and state.records["untrained"].score == 1.0
    chart = chart_of(app)
    assert chart["lesson"] == "untrained" and "3.4" in chart["figure"]  # for what is handed in
    after_a_reload(state, lessons, "untrained", open_page)
    classroom.go("state", "read")
    assert chart_of(app.run()) == chart  # also for who was away while it was compared


def test_a_member_who_came_to_the_result_has_no_form_of_the_lesson(open_page, lessons, rest, monkeypatch):
    classroom = registry.CLASSES.start(lessons)
    member = classroom.join()
    classroom.go("untrained", "run")
    rest.set()
    until(lambda: classroom.view.run.status == "done")
    classroom.go("untrained", "compare")
    app = open_page(**{keys.CLASS: classroom.code})
    app.session_state[keys.CLASS_KEY] = classroom.code, member
    app.run().session_state[keys.COURSE].load("", lessons)
    monkeypatch.setattr(form, "keys_of_classes", lambda: [(classroom.code, member)])
    open_lesson(app, "untrained")
    assert not app.exception and app.button(key=f"back_to_{classroom.code}") and not form_of(app)
    open_lesson(app, "way_back")  # where the class has not been
    assert form_of(app)["lesson"] == "way_back" and not app.info
    registry.CLASSES.end(classroom)
    open_lesson(app, "untrained")
    assert not form_of(app) and "a guess made now would be none" in app.info[0].value
    again = open_page(lesson="untrained")  # after a reload: the browser alone has kept it
    again.session_state[keys.COURSE].load(app.session_state[keys.COURSE].written, lessons)
    again.run()
    assert not form_of(again) and "a guess made now would be none" in again.info[0].value
    again.button(key=keys.COURSE_BACK).click().run()
    again.button(key=keys.COURSE_ERASE).click().run()
    again.button(key="open_untrained").click().run()
    assert form_of(again)["lesson"] == "untrained"


def after_a_reload(state, lessons, name, open_page):
    """The lesson shows the comparison and the score from what the browser has kept alone."""
    again = open_page(lesson=name)
    kept = again.session_state[keys.COURSE]
    kept.load(state.written, lessons)
    again.run()
    assert [heading.value for heading in again.subheader] == ["Read", "Guess", "Run", "Compare"]
    [compared] = [text.value for text in again.text if text.value.startswith("You guessed")]
    assert "measured: 3.4 nats. Score: 100%." in compared
    kept.take_charts(kept.charts_asked, {name: "<svg>kept</svg>"})
    again.run()
    [image] = again.get("image")[0].proto.imgs
    assert not again.exception and image.url.startswith("data:image/svg+xml;base64,")


def open_lesson(app, name):
    """Open a lesson of one's own from wherever the page is."""
    app.button(key=keys.COURSE_BACK).click().run()
    app.button(key=f"open_{name}").click().run()


def form_of(app):
    """Form of guesses that the browser is told to show."""
    [kept] = [part.proto.json for part in app.get("bidi_component") if part.proto.component_name == "course"]
    return json.loads(kept)["form"]


def chart_of(app):
    """Chart that the browser is told to keep."""
    [kept] = [part.proto.json for part in app.get("bidi_component") if part.proto.component_name == "course"]
    return json.loads(kept)["chart"]


def test_after_the_end_of_a_class_one_is_no_longer_said_to_be_in_it_and_can_read_on(open_page, lessons, rest):
    classroom = registry.CLASSES.start(lessons)
    member = classroom.join()
    classroom.go("untrained", "guess")
    classroom.guess(member, "untrained", {"loss": 3.4})
    rest.set()
    classroom.go("untrained", "run")
    until(lambda: classroom.view.run.status == "done")
    classroom.go("untrained", "compare")
    app = open_page(**{keys.CLASS: classroom.code})
    app.session_state[keys.CLASS_KEY] = classroom.code, member
    assert app.run().button(key=keys.COURSE_BACK).label == "← Leave the class"
    compared = [text.value for text in app.text]
    assert any(text.startswith("You guessed 3.4 nats") for text in compared)
    registry.CLASSES.end(classroom)
    app.run()
    assert not app.exception and app.button(key=keys.COURSE_BACK).label == "← All lessons"
    assert [text.value for text in app.text] == compared
    assert [heading.value for heading in app.subheader] == ["Your guess", "Explain"]
    assert app.header[0].value == "Lesson 4: Before it has learned"
    app.button(key=keys.COURSE_BACK).click().run()
    assert not app.text_input(key=keys.CLASS_CODE).max_chars  # a browser would drop a longer one without a word
    app.text_input(key=keys.CLASS_CODE).set_value("ABC-DEF-GHJ")
    app.button[-2].click().run()  # nothing of it stands on the page of another class
    assert not app.exception and asked_for(app) == "ABC-DEF-GHJ" and not [*app.header, *app.subheader]


@pytest.mark.parametrize(
    ("role", "told"), [("teacher", "You lead a class"), ("member", "You are in a class"), ("", "")]
)
def test_the_list_leads_back_to_a_class_that_runs(open_page, lessons, monkeypatch, role, told):
    classroom = registry.CLASSES.start(lessons)
    key = {"teacher": classroom.key, "member": classroom.join(), "": "of a class before"}[role]
    monkeypatch.setattr(view, "keys_of_classes", lambda: [("ABCDEFGHJ", "of another server"), (classroom.code, key)])
    seen, app = classroom.signed, open_page()
    assert classroom.signed == seen  # the list is no sign of the teacher's
    back = [button for button in app.button if button.label == f"Back to class {written_code(classroom.code)}"]
    assert len(back) == bool(role)
    if role:
        assert app.text[0].value == f"{told} that is running: {written_code(classroom.code)}."
        back[0].click().run()
        assert asked_for(app) == written_code(classroom.code)


@pytest.mark.parametrize(("limit", "told"), [("places", "The server is full"), ("often", "Many classes were started")])
def test_why_no_class_can_be_started_is_said_once(open_page, limit, told, monkeypatch):
    if limit == "places":
        registry.CLASSES._capacity.admit("somebody else")
    else:
        monkeypatch.setattr(registry.CLASSES._starts, "_of_all", 0)
    app = open_page()
    app.button(key=keys.CLASS_START).click().run()
    assert app.warning[0].value.startswith(told) and asked_for(app) == ""
    assert not app.run().warning


def test_a_typed_code_opens_the_class_and_shows_nothing_of_it_without_a_key(open_page, lessons):
    classroom = registry.CLASSES.start(lessons)
    app = open_page()
    app.text_input(key=keys.CLASS_CODE).set_value(classroom.code.lower())
    app.button[-2].click().run()
    assert not app.exception and asked_for(app).replace("-", "") == classroom.code
    assert not app.markdown and not app.subheader


@pytest.mark.parametrize("text", ["x", "ABC-DEF-GHJ", "<b>bold</b>"])
def test_a_code_of_no_class_leads_to_the_way_back(open_page, text):
    app = open_page(**{keys.CLASS: text})
    assert not app.exception and app.button(key=keys.COURSE_BACK)
    app.button(key=keys.COURSE_BACK).click().run()
    assert asked_for(app) == "" and app.button(key=keys.CLASS_START)


def test_the_element_of_the_names_wraps_them_and_is_never_widened_by_them():
    [rule] = re.findall(r"\.class-names \{([^}]*)\}", (view.STATIC / "classroom.css").read_text(encoding="utf-8"))
    assert "overflow-wrap: anywhere" in rule and "width: 0" in rule and "min-width: 100%" in rule
    assert '#names = make("p", { className: "course-hint class-names" })' in (view.STATIC / "classroom.js").read_text(
        encoding="utf-8"
    )
