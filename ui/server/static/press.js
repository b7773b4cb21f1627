// A press counts for what it began on. Where something is drawn above, a fold or a button moves away between pressing
// and letting go, and the browser counts the press for whatever lies there now, or for nothing.

{
  const PRESSED = "summary, button, a[href], label, [role=radio]";
  const STILL = 8; // pixels that a pressing hand may move
  /** @type {{ element: HTMLElement, x: number, y: number } | null} */
  let begun = null;

  /** @param {DOMRect} rect @param {{ x: number, y: number }} point */
  const within = ({ left, right, top, bottom }, { x, y }) => x >= left && x <= right && y >= top && y <= bottom;

  window.addEventListener(
    "pointerdown",
    (event) => {
      const element = /** @type {Element} */ (event.target).closest?.(PRESSED);
      begun = element && event.isPrimary ? { element: /** @type {HTMLElement} */ (element), x: event.clientX, y: event.clientY } : null;
    },
    { capture: true },
  );
  window.addEventListener("pointercancel", () => (begun = null), { capture: true });
  window.addEventListener(
    "click",
    (event) => {
      const press = begun;
      if (!event.isTrusted || !press) return;
      begun = null;
      const { element } = press;
      if (!element.isConnected || element.contains(/** @type {Node} */ (event.target))) return;
      if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > STILL) return;
      if (within(element.getBoundingClientRect(), press)) return; // it lies where it was: something covers it
      event.preventDefault();
      event.stopImmediatePropagation();
      element.click();
    },
    { capture: true },
  );
}
