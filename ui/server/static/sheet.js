// On a phone the side bar is a sheet over the page (ui/page.css): a link to another page closes it, for that page is to
// be seen.

window.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (!target.closest('[data-testid="stSidebarNavLink"]') || !matchMedia("(max-width: 640px)").matches) return;
  /** @type {HTMLElement | null} */ (document.querySelector('[data-testid="stSidebarCollapseButton"] button'))?.click();
});
