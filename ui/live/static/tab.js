// The key of this browser tab. It outlives a reload, another address, and the way back: the page's script gets it and
// gives back what the tab had.

const NAME = "rnn-lab-tab";
const ASK_EVERY = 1000; // milliseconds, while the page that was there before has not left the server yet
const ASK_AT_MOST = 12; // times: the page of the tab that this one is a copy of never leaves
const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
let typed = navigation?.type === "navigate"; // a link, or what the reader typed; until the page has got another session
let former = stored(); // from before, until the script has been told
let fresh = former === null; // nobody has been here in this tab
/** @type {string | null} */
let lost = null; // a key that the server does not know any more, until what the browser kept of it is back
/** @type {string | null} */
let told = null; // the last of those of which the reader was told
/** @type {string | null} */
let own = null; // the key that the script knows
let asked = 0;
let unsure = true; // the script has not said yet whether the server knows the former key
/** @type {ReturnType<typeof setInterval> | null} */
let timer = null;
/** @type {(message: { former: string | null, typed: boolean }) => void} */
let ask = () => {};

// Storage may be forbidden: then a reload begins anew.
function stored() {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
}

/** @param {string | null} key */
function store(key) {
  try {
    sessionStorage.setItem(NAME, String(key));
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
  store(own);
}

export const isSettled = () => former === null;
export const isUnsure = () => former !== null && unsure;
export const isNewTab = () => fresh;
export const wasTyped = () => typed;
export const lostTab = () => lost;

// Whether the server does not know the tab any more of a page that was loaded again; once.
export function isNewlyLost() {
  const newly = lost !== null && lost !== told && !typed;
  told = lost ?? told;
  return newly;
}

// What this tab had is back, or nothing was kept.
export function found() {
  lost = null;
  fresh = false;
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
  if (awaited === false && former !== null && former !== own) lost = former;
  if (former === null || former === own || awaited === false) settle();
  else if (!asked) askAgain();
  else timer ??= setInterval(askAgain, ASK_EVERY);
}
