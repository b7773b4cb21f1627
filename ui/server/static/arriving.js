// Progress of the course behind the # of a link: put aside before Streamlit rewrites the address. It stays in this tab
// until the course has asked the reader (ui/course/static/storage.js).

{
  const LINK = "#progress=";
  const take = () => {
    const { hash, pathname, search } = window.location;
    if (!hash.startsWith(LINK)) return;
    try {
      const text = hash.slice(LINK.length);
      sessionStorage.setItem("rnn-lab-arrived", JSON.stringify({ text, at: String(Date.now()) }));
      window.history.replaceState(window.history.state, "", pathname + search);
    } catch {
      // forbidden: the link brings nothing
    }
  };
  take();
  window.addEventListener("hashchange", take);
}
