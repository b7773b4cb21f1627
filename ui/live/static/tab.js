// The key of this browser tab. It outlives a reload, another address, and the way back: the page's script gets it and
// gives back what the tab had.

const NAME = "rnn-lab-tab";
const LOST = "rnn-lab-tab-lost";
const ASK_EVERY = 1000; // milliseconds, while the page that was there before has not left the server yet
const ASK_AT_MOST = 12; // times: the page of the tab that this one is a copy of never leaves
const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
let typed = navigation?.type === "navigate"; // a link, or what the reader typed; until the page has got another session
let former = stored(NAME); // from before, until the script has been told
const fresh = former === null; // nobody has been here in this tab
// A key that the server did not know any more, until what the browser kept of it is back; the kinds of networks of which
// it is, or of which nothing was kept.
/** @type {[lost: string | null, ...there: string[]]} */
const [before, ...kinds] = JSON.parse(stored(LOST) ?? "[null]");
/** @type {string | null} */
let lost = before;
const there = new Set(kinds);
let told = lost; // the last of those of which the reader was told
/** @type {string | null} */
let own = null; // the key that the script knows
let asked = 0;
let unsure = true; // the script has not said yet whether the server knows the former key
/** @type {ReturnType<typeof setInterval> | null} */
let timer = null;
/** @type {(message: { former: string | null, typed: boolean }) => void} */
let ask = () => {};

// Storage may be forbidden: then a reload begins anew.
/** @param {string} name */
function stored(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string | null} value */
function store(name, value) {
  try {
    sessionStorage.setItem(name, String(value));
  } catch {
    // as above
  }
}

function askAgain() {
  if (++asked > ASK_AT_MOST) settle();
  else ask({ former, typed });
}

// From here on the tab is the one that the script knows.
function settle() {
  former = null;
  clearInterval(timer ?? undefined);
  store(NAME, own);
}

export const isSettled = () => former === null;
export const isUnsure = () => former !== null && unsure;
/** @param {string} kind of networks */
export const isNewTab = (kind) => fresh && !there.has(kind);
export const wasTyped = () => typed;
/** @param {string} kind of networks */
export const lostTab = (kind) => (there.has(kind) ? null : lost);

// Whether the server does not know the tab any more of a page that was loaded again; once.
export function isNewlyLost() {
  const newly = lost !== null && lost !== told && !typed;
  told = lost ?? told;
  return newly;
}

// What this tab had of this kind is back, or nothing was kept.
/** @param {string} kind of networks */
export function found(kind) {
  there.add(kind);
  store(LOST, JSON.stringify([lost, ...there]));
}

// tab : the key that the script knows. awaited : whether the former one is still in use, as far as it has been asked
// for. tell : tells the script the key that the tab had before, as often as it is worth it.
/**
 * @param {{ tab: string, awaited: boolean | null }} given
 * @param {(message: { former: string | null, typed: boolean }) => void} tell
 */
export function askForFormerTab({ tab, awaited }, tell) {
  // another session in the same page: the server may still know the one before, or have been started again
  if (former === null && own !== null && own !== tab) [former, asked, typed] = [own, 0, false];
  own = tab;
  ask = tell;
  unsure = awaited !== true; // another page may have it for good
  if (awaited === false && former !== null && former !== own && former !== lost) {
    lost = former;
    there.clear();
    store(LOST, JSON.stringify([lost]));
  }
  if (former === null || former === own || awaited === false) settle();
  else if (!asked) askAgain();
  else timer ??= setInterval(askAgain, ASK_EVERY);
}
