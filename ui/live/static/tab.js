// The key of this browser tab. It outlives a reload, another address, and the way back: the page's script gets it and
// gives back what the tab had.

const NAME = "rnn-lab-tab";
const ASK_EVERY = 1000; // milliseconds, while the page that was there before has not left the server yet
const ASK_AT_MOST = 12; // times: the page of the tab that this one is a copy of never leaves
const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
const typed = navigation?.type === "navigate"; // a link, or what the reader typed
let former = stored(); // from before, until the script has been told
let own = null; // the key that the script knows
let asked = 0;
let timer = null;
/** @type {(message: { former: string, typed: boolean }) => void} */
let ask = () => {};

// Storage may be forbidden: then a reload begins anew.
function stored() {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
}

function store(key) {
  try {
    sessionStorage.setItem(NAME, key);
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
  clearInterval(timer);
  store(own);
}

// tab : the key that the script knows. awaited : whether the former one is still in use, as far as it has been asked
// for. tell : tells the script the key that the tab had before, as often as it is worth it.
export function askForFormerTab({ tab, awaited }, tell) {
  own = tab;
  ask = tell;
  if (former === null || former === own || awaited === false) settle();
  else if (!asked) askAgain();
  else timer ??= setInterval(askAgain, ASK_EVERY);
}
