// Light and dark: Streamlit follows the browser and its own menu at once, and runs no script. What the page's script
// has coloured is made anew when the page has turned light or dark under it.

const LOOK_EVERY = 1000; // milliseconds
/** @type {string | null} */
let drawn = null; // "light" or "dark": as the script knows it
/** @type {string | null} */
let asked = null; // the one that the script was asked for last
/** @type {ReturnType<typeof setInterval> | null} */
let timer = null;
let rerun = () => {};

function ofThePage() {
  const [red, green, blue] = getComputedStyle(document.querySelector(".stApp")).backgroundColor.match(/\d+/g)?.map(Number) ?? [255, 255, 255];
  return red + green + blue > 382 ? "light" : "dark";
}

function look() {
  const now = ofThePage();
  if (now === drawn) asked = null;
  else if (now !== asked) {
    asked = now;
    rerun();
  }
}

// theme : the name of the theme that the script has used; the page's style for printing asks for it. again : has it run once more.
/** @param {string} theme @param {() => void} again */
export function followTheme(theme, again) {
  [drawn, rerun] = [theme, again];
  document.documentElement.dataset.theme = theme;
  timer ??= setInterval(look, LOOK_EVERY);
}
