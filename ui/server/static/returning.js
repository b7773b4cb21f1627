// Who opens the app by its bare address lands where they left: at the page, and the settings, of this browser's last
// visit. An address that asks for something is left alone, and so is a tab that has been here before.

{
  const NAME = "rnn-lab-left";
  const ASKS = ["present", "embed", "embed_options", "hide", "no_page"]; // of one visit alone
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const base = new URL("../../../", script.src);

  const leave = () => {
    const { pathname, search } = window.location;
    const query = new URLSearchParams(search);
    if (ASKS.some((name) => query.has(name)) || !pathname.startsWith(base.pathname)) return;
    try {
      localStorage.setItem(NAME, pathname.slice(base.pathname.length) + search);
    } catch {
      // forbidden: the bare address is the Lab
    }
  };
  const back = () => {
    const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    const { pathname, search, hash } = window.location;
    if (navigation?.type !== "navigate" || pathname !== base.pathname || search || hash) return;
    try {
      if (sessionStorage.getItem("rnn-lab-tab") !== null) return;
      const left = localStorage.getItem(NAME);
      const target = left && new URL(left, base);
      if (target && target.origin === base.origin && target.pathname.startsWith(base.pathname)) {
        window.location.replace(target);
      }
    } catch {
      // as above
    }
  };
  back();
  window.addEventListener("pagehide", leave);
}
