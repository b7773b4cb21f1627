"""Texts and files in a browser: what is pasted, uploaded, downloaded and loaded again."""

import csv
import io

import pytest
from actions import choose, frame, number, open_part, pause, until, update

pytestmark = pytest.mark.browser


def upload(page, label, name, data):
    uploader = page.get_by_test_id("stFileUploader").filter(has_text=label)
    uploader.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/plain", "buffer": data})


def test_a_pasted_text_trains_and_a_useless_one_costs_nothing(visit):
    page = visit()
    choose(page, "Data", "Your own text")
    page.get_by_text("There is no text yet").wait_for()
    before = update(page)
    until(page, lambda: update(page) > before)
    box = page.get_by_role("textbox", name="Your own text")
    box.fill("a" * 66)
    box.press("Control+Enter")
    page.get_by_text("only one symbol").wait_for()
    box.fill("<b>bold</b> and <script>alert(1)</script> & $x$ " * 12)
    box.press("Control+Enter")
    page.get_by_text("only one symbol").wait_for(state="hidden")
    symbols = "score.figure.data.filter(t => t.mode === 'text').flatMap(t => t.text)"
    until(page, lambda: "&lt;" in frame(page, symbols) and number(page, "Training loss") < 1.0)
    assert "<" not in frame(page, symbols)
    assert "<" in page.locator(".live-samples").inner_text()
    assert page.locator(".live-samples b, .live-samples script").count() == 0
    assert "text=" not in page.url  # it is the reader's own


def test_a_link_for_a_text_that_it_does_not_hold_trains_on_another_until_it_is_pasted(visit):
    page = visit("?data=own")
    told = page.get_by_text("This link was made with a private text, which it does not contain.")
    told.wait_for()
    until(page, lambda: update(page) > 10)
    assert (
        page.get_by_text("There is no text yet").count() == 0 and page.get_by_text("continues unchanged").count() == 0
    )
    box = page.get_by_role("textbox", name="Your own text")
    box.fill("小河流过小村，小村睡在山前。" * 12)
    box.press("Control+Enter")
    told.wait_for(state="hidden")
    until(page, lambda: "河" in "".join(frame(page, "score.figure.data[0].text")))


def test_files_of_other_encodings_are_read_and_bad_ones_named(visit):
    page = visit()
    before = update(page)
    choose(page, "Data", "Your own text")
    page.get_by_text("There is no text yet").wait_for()
    upload(page, "or a text file", "photo.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    page.get_by_text("photo.txt is not used. The file is not plain text").wait_for()
    until(page, lambda: update(page) > before)  # the network goes on
    page.get_by_test_id("stFileChipDeleteBtn").first.click()
    upload(page, "or a text file", "letter.pdf", b"%PDF")
    refused = page.get_by_role("alert").get_by_text("files are not allowed")  # to be read, and not by ear alone
    until(page, lambda: (refused.bounding_box() or {"height": 0})["height"] > 10)
    page.get_by_test_id("stFileChipDeleteBtn").first.click()
    chinese = "小河流过小村，小村睡在山前。山上有云，云上有天。" * 8
    upload(page, "or a text file", "河.txt", chinese.encode("gb18030"))
    page.get_by_text("192 characters, GB18030").wait_for()
    until(page, lambda: "河" in "".join(frame(page, "score.figure.data[0].text")))
    page.get_by_role("link", name="Language").click()  # another page knows the text, too
    page.locator(".writing[data-frames]").wait_for()
    until(page, lambda: number(page, "Vocabulary") == len(set(chinese)))
    assert page.get_by_text("There is no text yet").count() == 0
    assert page.get_by_role("textbox", name="Your own text").input_value() == chinese


def test_a_checkpoint_goes_on_in_another_browser(visit):
    fresh = visit()
    open_part(fresh, "Keep and share")
    for network in ("cell=gru&hidden_size=10", "cell=lstm&hidden_size=128&layers=4"):
        assert_goes_on(visit, fresh, network)


def assert_goes_on(visit, fresh, network):
    page = visit(f"?{network}&data=reber")
    until(page, lambda: update(page) > 20)
    pause(page)
    saved = update(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="The network itself (checkpoint)").click()
    data = download.value.path().read_bytes()
    loss = number(page, "Held-out loss")
    upload(fresh, "Continue with a saved network", "broken.safetensors", data[:500])
    fresh.get_by_text("This file cannot be loaded").wait_for()
    fresh.get_by_test_id("stFileChipDeleteBtn").first.click()
    upload(fresh, "Continue with a saved network", "saved.safetensors", data)
    until(fresh, lambda: update(fresh) == saved and frame(fresh, "frame.status") == "paused")
    assert number(fresh, "Held-out loss") == loss
    until(fresh, lambda: network in fresh.url and "data=reber" in fresh.url)
    fresh.get_by_role("button", name="Play", exact=True).click()
    until(fresh, lambda: update(fresh) > saved + 20)


def test_the_history_and_the_values_of_the_chosen_step_come_as_files(visit):
    page = visit("?step=3")
    until(page, lambda: update(page) > 30)
    pause(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Loss history (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text())))
    assert int(rows[-1]["update"]) == update(page) and float(rows[-1]["loss"]) > 0

    details = page.locator(".live-details")
    with page.expect_download() as download:
        details.get_by_role("button", name="Table (CSV)").click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert len(rows) == details.locator("tr").count() and {len(row) for row in rows} == {3}
    facts = details.locator(".live-facts tr").first
    assert rows[0] == ["", *facts.locator("th, td").all_inner_texts()]
    assert {row[0] for row in rows[1:]} >= set(details.locator("caption").all_inner_texts())
