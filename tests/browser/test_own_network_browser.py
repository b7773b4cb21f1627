"""A network from PyTorch, or Keras, in a browser: chosen, opened, looked at on another page, trained, taken back."""

import pytest
from actions import choose, frame, number, open_part, settled, until, update, violations
from own_networks import TEXT, keras_file, pytorch_file, state_dict
from safetensors.numpy import load

from rnn_core.pytorch import read_pytorch

pytestmark = pytest.mark.browser
PART = "Your own network from PyTorch or Keras"


def upload(page, name, data):
    uploader = page.get_by_test_id("stFileUploader").filter(has_text="State dict")
    uploader.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/plain", "buffer": data})


def test_a_network_is_opened_looked_at_trained_and_taken_back(visit):
    page = visit("?hide=seed")
    until(page, lambda: update(page) > 3)
    open_part(page, PART)
    upload(page, "broken.pt", b"PK\3\4" + bytes(200))
    page.get_by_text("This file cannot be opened").wait_for()
    page.get_by_test_id("stFileChipDeleteBtn").first.click()
    page.get_by_text("This file cannot be opened").wait_for(state="hidden")
    upload(page, "mine.keras", keras_file())
    page.get_by_text("keras.layers.LSTM: lstm; layers: 1, units: 6").wait_for()
    until(page, lambda: settled(page))  # an empty uploader is in the place of the first
    upload(page, "mine.safetensors", pytorch_file())
    page.get_by_text("nn.LSTM: lstm; layers: 1, units: 6").wait_for()
    uploader = "presentation-role-conflict"  # of Streamlit's own: see test_access_browser.py
    assert [one for one in violations(page) if one[0] != uploader] == []
    box = page.get_by_role("textbox", name="Text", exact=True)
    box.fill(TEXT)
    box.press("Control+Enter")
    until(page, lambda: settled(page))
    page.get_by_role("button", name="Open this network").click()
    page.get_by_text("Your network is open").wait_for()
    until(page, lambda: update(page) == 0 and frame(page, "frame.pytorch") and frame(page, "frame.status") == "paused")
    assert number(page, "Held-out loss") > 2 and "As it is in your file" in page.locator(".live-verdict").inner_text()
    page.get_by_role("link", name="Gradients").click()
    page.locator(".gradients[data-frames]").wait_for()
    until(page, lambda: number(page, "Update") == 0)
    assert page.locator(".live-notices").inner_text() == ""
    page.get_by_role("link", name="Lab", exact=True).click()
    page.wait_for_function("() => document.querySelector('.live:has(.live-score)')?.live?.frame")
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, lambda: update(page) > 20)
    page.get_by_role("button", name="Pause", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="For PyTorch (.safetensors)").click()
    data = download.value.path().read_bytes()
    assert set(load(data)) == set(state_dict())
    assert (read_pytorch(data).given["weight_ho"] != read_pytorch(pytorch_file()).given["weight_ho"]).any()
    choose(page, "Cell", "GRU")  # another network of the Lab's own; the former can be restored
    page.get_by_role("link", name="For PyTorch (.safetensors)").wait_for(state="hidden")
    page.get_by_role("button", name="Restore the previous network").click()
    page.get_by_role("link", name="For PyTorch (.safetensors)").wait_for()
