// Streamlit makes each change of the query a new entry of the browser's history, and Back would change the address
// alone. Here an address of the same page takes the place of the one before: one press of Back, one page.

{
  const push = window.history.pushState;
  window.history.pushState = function pushState(state, title, address) {
    const samePage = new URL(address ?? "", window.location.href).pathname === window.location.pathname;
    return (samePage ? window.history.replaceState : push).call(this, state, title, address);
  };
}
