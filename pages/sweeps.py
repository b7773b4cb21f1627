from ui.live.page import run
from ui.pages import page

run(page("sweeps"))
