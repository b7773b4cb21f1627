"""The address in a browser: one entry of the history a page, the same network on every page, after a reload too."""

from urllib.parse import parse_qs, urlsplit

from actions import PATIENCE, settled, slide, until


def query(page) -> dict:
    return {name: value for name, [value] in parse_qs(urlsplit(page.url).query).items()}


def path(page) -> str:
    return urlsplit(page.url).path


def go(page, name):
    """Follow a link of the side bar, and wait for that page's address."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
    until(page, lambda: path(page).strip("/") == ("" if name == "Lab" else name.lower()) and query(page))


def goes_back_as_the_script_begins(page, milliseconds):
    """Back, so soon after the server has begun a run of this page's script that it does not know of it."""
    page.wait_for_selector(".gradients[data-frames]")
    page.evaluate(
        """(milliseconds) => {
        const { key } = document.querySelector(".gradients").gradients;
        fetch(`/live/${key}/again`, { method: "POST" });
        setTimeout(() => history.back(), milliseconds); }""",
        milliseconds,
    )


def test_one_press_of_back_is_one_page(visit):
    page = visit("?cell=gru")
    until(page, lambda: query(page).get("lang") == "en")
    entries = page.evaluate("history.length")
    for units in ("33", "34", "35"):
        slide(page, "Hidden units", "ArrowRight")
        until(page, lambda units=units: query(page).get("hidden_size") == units)
    assert page.evaluate("history.length") == entries
    go(page, "Gradients")
    slide(page, "Hidden units", "ArrowRight")
    until(page, lambda: query(page).get("hidden_size") == "36")
    assert page.evaluate("history.length") == entries + 1
    for milliseconds in (10, 15, 20, 25):
        goes_back_as_the_script_begins(page, milliseconds)
        until(page, lambda: path(page) == "/" and query(page).get("hidden_size") == "36")
        page.get_by_role("heading", name="Watch a recurrent network learn").wait_for()
        assert page.get_by_role("slider", name="Hidden units").input_value() == "36"
        page.go_forward()
        until(page, lambda: path(page) == "/gradients" and query(page).get("hidden_size") == "36")
        page.wait_for_selector(".live[data-frames]")
        assert page.evaluate("history.length") == entries + 1


COURSE = "document.querySelector('[data-testid=stSidebarNavLink][href$=course]')"


def test_what_a_page_tells_as_it_is_left_leads_nobody_back_to_it(visit):
    page = visit("course", ready="[class*=st-key-open_]")
    for way, event in (("history.back()", "popstate"), (f"{COURSE}.click()", "click")):
        go(page, "Unroll")
        page.locator(".unroll .made .full").wait_for(timeout=1000 * PATIENCE)
        until(page, lambda: "sentence=" in page.url and settled(page))
        page.evaluate(f"""() => {{
          const {{ again }} = document.querySelector(".live-still");
          addEventListener("{event}", () => setTimeout(again), {{ once: true }});
          {way}; }}""")
        page.locator("[class*=st-key-open_]").first.wait_for()
        assert path(page) == "/course"


def test_what_a_page_tells_just_before_a_press_leads_nobody_back_to_it(visit):
    """Streamlit sends it after the press, with the name of the page that is left."""
    page = visit("unroll", ready=".unroll .made .full")
    until(page, lambda: "sentence=" in page.url and settled(page))
    page.evaluate("""() => {
      const { again } = document.querySelector(".live-still");
      addEventListener("pointerup", again, { once: true, capture: true }); }""")
    go(page, "Course")
    page.locator("[class*=st-key-open_]").first.wait_for()
    assert path(page) == "/course"


def test_an_experiment_and_hidden_controls_last_through_pages_and_reloads(visit):
    page = visit("?preset=forgets&hide=cell,data")
    until(page, lambda: query(page).get("order_sequence_length") == "100")
    asked = query(page)
    for name in ("Gradients", "Memory", "Lab"):
        go(page, name)
        until(page, lambda: {key: query(page).get(key) for key in asked} == asked)
    go(page, "Gradients")
    until(page, lambda: query(page).get("order_sequence_length") == "100")
    page.reload()
    page.wait_for_selector(".live[data-frames]")
    until(page, lambda: {key: query(page).get(key) for key in asked} == asked)
    assert page.get_by_role("combobox", name="Cell").count() == 0
    page.goto(f"{page.url.split('gradients')[0]}?hide=seed")  # another link in the same tab
    until(page, lambda: query(page).get("hide") == "seed" and query(page).get("preset") == "forgets")
    page.get_by_role("combobox", name="Cell").wait_for()


def test_an_old_and_an_unknown_address(visit):
    page = visit("hidden_states?preset=forgets&memory_view=plane")
    until(page, lambda: path(page) == "/memory" and query(page).get("memory_view") == "plane")
    assert query(page)["preset"] == "forgets"
    page = visit("lstms?cell=gru")
    page.get_by_text("There is no page named “lstms”. The Lab is shown.").wait_for()
    until(page, lambda: path(page) == "/" and query(page) == {"lang": "en", "data": "river_en", "cell": "gru"})
    assert page.get_by_role("dialog").count() == 0


def test_an_unknown_address_in_a_tab_in_use_is_told_and_the_network_trains_on(visit):
    live = "document.querySelector('.live[data-frames]').live"
    page = visit("?cell=gru&hidden_size=20")
    slide(page, "Hidden units", "ArrowRight")
    until(page, lambda: query(page).get("hidden_size") == "21")
    until(page, lambda: page.evaluate(f"{live}.frame.update ?? 0") > 20)
    before, seen = page.evaluate(f"{live}.key"), page.evaluate(f"{live}.frame.update")
    page.goto(page.url.partition("?")[0] + "nowhere")
    page.wait_for_selector(".live[data-frames]")
    until(page, lambda: page.evaluate(f"{live}.key") == before)
    until(page, lambda: page.evaluate(f"{live}.frame.update ?? 0") > seen)
    until(page, lambda: query(page).get("hidden_size") == "21")
    told = page.get_by_text("There is no page named “nowhere”. The Lab is shown.")
    assert told.is_visible()  # not for the moment only until the tab is found again
    slide(page, "Hidden units", "ArrowRight")
    told.wait_for(state="hidden")
