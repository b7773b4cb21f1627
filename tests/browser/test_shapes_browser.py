"""The page “Shapes” in a real browser."""

import base64
import wave
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from actions import until, violations

from rnn_core.tasks.speech import SpeechTask
from rnn_core.tasks.speech.features import RATE
from ui.shapes.drawings import read

pytestmark = pytest.mark.browser

# A table: its columns by heading.
TABLE = """(part) => {
  const table = document.querySelector(`[data-part="${part ?? "diagram_table"}"] table`);
  if (!table) return null;
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent));
  return Object.fromEntries(rows[0].map((name, i) => [name, rows.slice(1).map((row) => row[i])]));
}"""


@pytest.fixture
def shapes(visit):
    """A function that opens the page in a context of its own; at the end every page is checked for errors."""
    return lambda query="", **options: visit(f"shapes{query}", **options)


def right(page) -> float:
    """The first network's share of right answers, in percent."""
    return float(page.locator(".live-results tbody tr").first.locator("td").nth(4).inner_text().rstrip("%"))


def say(page, text):
    field = page.get_by_role("textbox", name="A sentence to judge")
    field.fill(text)
    field.press("Enter")


def test_a_sentence_is_typed_and_the_verdict_changes(shapes):
    page = shapes("?shape=many_to_one&words=en&lang=en")
    until(page, lambda: right(page) >= 95)
    page.locator('[data-part="diagram_table"] summary').click()
    verdicts = {}
    for text in ("the food was good", "the food was not good", "the room was noisy but the staff was kind"):
        say(page, text)
        seen = until(page, lambda t=text: (d := page.evaluate(TABLE)) and d["input"] == t.split() and d)
        assert set(seen["output"][:-1]) <= {"", "–"}  # nothing leaves before the last word
        verdicts[text] = seen["output"][-1]
    assert list(verdicts.values()) == ["+", "−", "+"]
    assert "say_many_to_one=the+room+was+noisy" in page.url
    say(page, "xyzzy")
    page.locator(".live-warning").wait_for()
    assert "is needed" in page.locator(".live-warning").inner_text()


def test_shapes_are_changed_and_buttons_work(shapes):
    page = shapes("?shape=one_to_many&lang=en")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play", exact=True).wait_for()
    page.locator('[data-part="diagram_table"] summary').click()
    seen = until(page, lambda: page.evaluate(TABLE))
    assert [text for text in seen["input"] if text and text != "–"] == ["3"] and len(seen["input"]) == 24
    page.get_by_role("radio", name="bidirectional").click()
    until(page, lambda: page.locator(".live-results tbody tr").count() == 2)
    assert "shape=bidirectional" in page.url
    page.get_by_role("radio", name="encoder–decoder").click()
    page.get_by_text("first read everything, then write").wait_for()
    page.get_by_label("Save chart: The bottleneck", exact=False).wait_for()  # the heading has changed, and so has this
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, lambda: page.locator(".live-results caption").inner_text() != "")


def test_an_own_sentence_is_translated_and_the_alternatives_are_listed(shapes):
    page = shapes("?shape=encoder_decoder&pairs=translation&width=24&beam=2&lang=en")
    found = until(page, lambda: (d := page.evaluate(TABLE, "search_table")) and len(d["output"]) == 2 and d)
    field = page.get_by_role("textbox", name="An input to translate")
    field.fill("Does she drink whisky at home?")
    field.press("Enter")
    page.locator(".live-warning").get_by_text("whisky").wait_for()
    field.fill("Does she drink tea at home?")
    field.press("Enter")
    page.get_by_role("radio", name="8", exact=True).click()
    right = "她在家喝茶吗"
    until(page, lambda: len(page.evaluate(TABLE, "search_table")["output"]) == 8)
    found = until(page, lambda: (d := page.evaluate(TABLE, "search_table")) and right in d["output"] and d)
    assert [mark == "✓" for mark in found["correct"]] == [text == right for text in found["output"]]
    assert "beam=8" in page.url and "say_encoder_decoder=Does+she+drink+tea" in page.url
    rows = until(page, lambda: "beam search, width 8" in (d := page.evaluate(TABLE, "quality_table"))["outputs"] and d)
    assert len(rows["outputs"]) == 3
    page.locator('[data-part="known_guide"] summary').click()
    page.locator('[data-part="known_guide"]').get_by_text("umbrella").wait_for()
    page.get_by_role("radio", name="deep").click()
    page.locator(".live-decoded").first.wait_for(state="hidden")


def test_a_voice_is_recorded_and_the_page_says_what_it_hears(shapes, hearing, tmp_path):
    """What the microphone hears is the synthesiser, so that the network, once it has learned, understands it."""
    said = SpeechTask().say("aei", 3).wave
    loud, silence = 0.8 * said / np.abs(said).max(), np.zeros(RATE // 4)
    samples = np.repeat(np.concatenate([silence, loud, silence]), 6)  # at 48 kHz, as a microphone has it
    file = tmp_path / "voice.wav"
    with wave.open(str(file), "wb") as writer:
        writer.setparams((1, 2, 6 * RATE, 0, "NONE", ""))
        writer.writeframes(np.round(32767 * samples).astype("<i2").tobytes())
    page = shapes("?shape=speech&lang=en", browser=hearing(file), permissions=["microphone"])
    until(page, lambda: right(page) >= 85)
    page.get_by_role("button", name="Record", exact=True).click()
    page.get_by_text("00:02").wait_for()
    page.get_by_role("button", name="Stop recording").click()
    heard = page.locator(".live-summary").filter(has_text="In your recording it hears “")
    heard.wait_for()
    assert set(heard.inner_text().split("“")[1].split("”")[0]) & set("aei")
    page.reload()  # the tab is found again, and what was recorded in it
    heard.wait_for()
    page.get_by_role("button", name="Delete your recording").click()
    page.locator(".live-summary").filter(has_text="was said.").wait_for()


def test_a_picture_of_ones_own_is_described(shapes):
    page = shapes("?shape=captions&words=en&lang=en&colour_1=3&place_1=8", color_scheme="dark")
    page.get_by_role("radio", name="two objects of your choice").click()
    until(page, lambda: "picture=own" in page.url)
    says = page.locator(".live-summary").filter(has_text="a small yellow ring right of a large blue square")
    says.wait_for()  # right, or what would be right
    until(page, lambda: right(page) >= 20)
    page.get_by_role("button", name="Pause").click()
    assert_the_picture_is_the_same_on_paper(page)
    page.get_by_role("combobox", name="Second object: place").click()
    page.get_by_role("option", name="bottom right").click()
    page.get_by_text("Two objects need two places.").wait_for()
    page.get_by_role("radio", name="your drawing").click()
    assert_what_is_drawn_is_described(page)


def assert_what_is_drawn_is_described(page):
    """With the mouse and with the keyboard; the address has it, and a reload brings it back."""
    paper = page.get_by_role("application", name="Your drawing")
    said = page.locator(".drawing-said").filter(has_text="It says")
    said.wait_for()
    empty = page.get_by_role("button", name="Empty the paper")
    empty.click()
    empty.evaluate("(button) => { button.isTheSame = true; }")
    until(page, lambda: page.url.endswith("drawing="))
    page.get_by_role("radio", name="green").check()
    page.get_by_role("radio", name="a filled shape").check()
    box = paper.bounding_box()
    assert box["width"] == box["height"]
    for k, (x, y) in enumerate([(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)]):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=5)
        if k == 0:
            page.mouse.down()
        paper.dispatch_event("pointerup", {"pointerId": 9, "isPrimary": False})  # of a second finger
    page.mouse.up()
    drawn = until(page, lambda: drawing_of(page))
    assert empty.evaluate("(button) => button.isTheSame")  # so who stands on it stays there
    assert_the_paper_keeps_its_colours_in_print(page, paper)
    [(colour, kind, points)] = read(drawn)
    assert (colour, kind) == ("g", "f") and 4 <= len(points) <= 8
    assert np.abs(points.mean(axis=0) - 7.5).max() < 0.5 and np.abs(np.ptp(points, axis=0) - 3).max() < 0.5
    page.get_by_role("radio", name="red").check()
    paper.focus()
    for key in ("ArrowUp", " ", "ArrowRight", "ArrowRight", " "):
        page.keyboard.press(key)
    until(page, lambda: drawing_of(page).startswith(f"{drawn}.rlUSYS"))
    assert page.get_by_role("status").filter(has_text="Pen up, column 9, row 8").count()
    page.reload()
    until(page, lambda: paper.locator("g path").count() == 2)
    page.get_by_role("button", name="Undo").click()
    until(page, lambda: drawing_of(page) == drawn)


def assert_the_paper_keeps_its_colours_in_print(page, paper):
    page.emulate_media(media="print", color_scheme="dark")
    turned = (
        "(e) => { let n = 0; for (; e; e = e.parentElement) n += getComputedStyle(e).filter !== 'none'; return n; }"
    )
    assert paper.evaluate(turned) == 0
    page.emulate_media(media="screen", color_scheme="dark")


def drawing_of(page) -> str:
    return parse_qs(urlsplit(page.url).query).get("drawing", [""])[0]


# Of all pixels of the picture in a screenshot, how far they are from those that were painted, and how far from white.
PAINTED = """async (png) => {
  const canvas = document.querySelector('[data-chart="finding"] .chart-coloured');
  const { left, top } = canvas.getBoundingClientRect();
  const pixels = (source, x, y) => {
    const context = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
    context.drawImage(source, x, y);
    return context.getImageData(0, 0, canvas.width, canvas.height).data;
  };
  const shot = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (c) => c.charCodeAt(0))]));
  const [painted, seen] = [pixels(canvas, 0, 0), pixels(shot, -Math.round(left), -Math.round(top))];
  let [count, wrong, coloured] = [0, 0, 0];
  for (let i = 0; i < painted.length; i += 4) {
    if (painted[i + 3] < 255) continue;
    const differs = (other) => [0, 1, 2].some((k) => Math.abs(painted[i + k] - other(k)) > 8);
    count++;
    wrong += differs((k) => seen[i + k]);
    coloured += differs(() => 255);
  }
  return [count, wrong / count, coloured / count];
}"""


def assert_the_picture_is_the_same_on_paper(page):
    """In the dark theme white paper came out black, and red ink as another colour."""
    page.emulate_media(media="print", color_scheme="dark")
    page.locator('[data-chart="finding"]').scroll_into_view_if_needed()
    shot = base64.b64encode(page.screenshot()).decode()
    count, wrong, coloured = page.evaluate(PAINTED, shot)
    assert count > 5000 and wrong < 0.05 and coloured > 0.1  # its frame is drawn over it
    page.emulate_media(media="screen", color_scheme="dark")


@pytest.mark.parametrize(
    ("query", "scheme"),
    [
        ("?tempo=10&shape=encoder_decoder&pairs=translation&seen=all&lang=en", "light"),
        ("?tempo=10&shape=many_to_one&lang=zh_CN", "dark"),
        ("?tempo=10&shape=speech&lang=zh_CN", "light"),
        ("?tempo=10&shape=captions&picture=drawn&lang=en", "dark"),
    ],
)
def test_no_violation_of_accessibility_also_when_narrow(shapes, query, scheme):
    page = shapes(query, viewport={"width": 390, "height": 844}, color_scheme=scheme)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
