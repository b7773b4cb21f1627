// Links of the navigation. On a phone the side bar is a sheet over the page (ui/page.css): a link closes it, for the page
// is to be seen. The link to the page that is open leads back to where that begins, from a lesson or a class to the list:
// Streamlit would draw the same once more.

{
  const LINK = '[data-testid="stSidebarNavLink"], [data-testid="stTopNavLink"]';
  /** @param {Event} event @returns {HTMLAnchorElement | null} */
  const linkOf = ({ target }) => /** @type {Element} */ (target).closest?.(LINK) ?? null;
  /** @param {string} place */
  const press = (place) => /** @type {HTMLElement | null} */ (document.querySelector(`${place} button`))?.click();
  const close = () => matchMedia("(max-width: 640px)").matches && press('[data-testid="stSidebarCollapseButton"]');

  window.addEventListener("click", (event) => linkOf(event)?.dataset.testid === "stSidebarNavLink" && close());
  window.addEventListener(
    "click",
    (event) => {
      const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey; // in a tab of its own
      if (elsewhere || linkOf(event)?.pathname !== window.location.pathname) return;
      if (!document.querySelector(".st-key-course_back")) return;
      event.preventDefault();
      event.stopPropagation();
      press(".st-key-course_back");
      close();
    },
    { capture: true },
  );
}
