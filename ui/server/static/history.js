// Streamlit makes each change of the query a new entry of the browser's history, and Back would change the address
// alone. Here an address of the same page takes the place of the one before: one press of Back, one page.
//
// The query of a page may come before its path does: it is then written over that of the page that is left, to which
// Back would lead with the settings of another one. So the address at the press of the link is put back.
//
// What a page opens in the place of a list, a lesson or a result, is read from its beginning: the page stood where the
// list was pressed.
//
// After Back a run of the page that was left may still begin, before the server has heard of it; Streamlit would go
// there again, and what Forward led to would be lost. Until a hand does something, no other page is gone to.
// What the elements of the page that is left tell meanwhile waits (ui/live/static/telling.js). What they told just before
// a press Streamlit sends after it: such a press waits itself.

{
  const push = window.history.pushState;
  const replace = window.history.replaceState;
  const NAVIGATION = '[data-testid="stSidebarNavLink"], [data-testid="stTopNavLink"]';
  /** @type {string | null} */
  let left = null; // address of the page that is being left
  let { pathname } = window.location; // of the page that is shown
  let wentBack = -Infinity; // performance.now() of Back or Forward, until a hand does something
  const OPENED = ["lesson", "result"]; // names in the address of what a page opens
  const LONGEST = 3000; // milliseconds from there to the other page
  const SENT = 100; // milliseconds after which Streamlit has sent what an element told

  window.history.pushState = function pushState(state, title, address) {
    const samePage = new URL(address ?? "", window.location.href).pathname === window.location.pathname;
    if (!samePage && performance.now() - wentBack < LONGEST) return;
    if (!samePage && left !== null) {
      if (new URL(left).pathname === window.location.pathname) replace.call(this, this.state, "", left);
      left = null;
    }
    const asked = [new URL(address ?? "", window.location.href), window.location].map((each) => new URLSearchParams(each.search));
    const another = OPENED.some((name) => asked[0].get(name) !== asked[1].get(name));
    (samePage ? replace : push).call(this, state, title, address);
    if (!samePage) window.pageThere = performance.now();
    if (samePage && another) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
    ({ pathname } = window.location);
  };
  window.addEventListener(
    "click",
    (event) => {
      const link = /** @type {Element} */ (event.target).closest?.(NAVIGATION);
      const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey; // in a tab of its own
      if (link === null || link === undefined || elsewhere) return;
      const samePage = /** @type {HTMLAnchorElement} */ (link).pathname === window.location.pathname;
      left = samePage ? null : window.location.href;
      if (samePage) return;
      window.pageLeft = performance.now();
      if (!event.isTrusted || window.pageLeft - (window.toldAt ?? -Infinity) > SENT) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      setTimeout(() => /** @type {HTMLAnchorElement} */ (link).click(), SENT);
    },
    { capture: true },
  );
  const byHand = () => (wentBack = -Infinity);
  for (const name of ["pointerdown", "keydown"]) window.addEventListener(name, byHand, { capture: true });
  const back = () => {
    [left, wentBack] = [null, performance.now()];
    if (window.location.pathname !== pathname) window.pageLeft = window.pageThere = performance.now();
    ({ pathname } = window.location);
  };
  window.addEventListener("popstate", back, { capture: true });
}
