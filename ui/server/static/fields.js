// A field that loses the focus hands in what stands in it. Streamlit disables its fields while the connection is lost,
// and the browser then takes the focus away: what was half written would be handed in, and trained on, by nobody.

window.addEventListener(
  "focusout",
  (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.disabled) event.stopImmediatePropagation();
  },
  { capture: true },
);
