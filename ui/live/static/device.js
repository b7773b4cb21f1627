// The reader's device: whether anybody sees the page, and whether it should be spared.

export const visible = () =>
  document.hidden
    ? new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }))
    : Promise.resolve();

// Whether this is a phone, or a browser that was told to save data: it gets fewer pictures.
export const sparing = () =>
  window.matchMedia("(pointer: coarse)").matches || /** @type {any} */ (navigator).connection?.saveData === true;
