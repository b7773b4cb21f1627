// The key of this browser tab. It outlives a reload: the page's script gets it and gives back what the tab had.

const NAME = "rnn-lab-tab";
const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
const reloaded = navigation?.type === "reload";
let former = reloaded ? stored() : null; // from before the reload, until the script has been told

// Storage may be forbidden: then a reload begins anew.
function stored() {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
}

// own : the key that the script knows. The key that it should be told, or null.
export function formerTab(own) {
  const told = former !== own ? former : null;
  former = null;
  try {
    sessionStorage.setItem(NAME, own); // at once: a tab that is a copy does not get what the other has
  } catch {
    // as above
  }
  return told;
}
