// Streamlit's web socket within reach: where it leads to another process than the pictures come from (a proxy moved the
// visitor while the first was away, and back), it is closed, and Streamlit opens one to the right place.

{
  /** @type {Set<WebSocket>} */
  const open = new Set();
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(/** @type {string | URL} */ url, /** @type {string | string[] | undefined} */ protocols = undefined) {
      super(url, protocols);
      open.add(this);
      this.addEventListener("close", () => open.delete(this));
    }
  };
  /** @type {any} */ (window).reopenSocket = () => {
    for (const socket of open) socket.close();
  };
}
