// Where the server is: beside the pages. Streamlit would ask below the page's own address first, and get a 404.

/** @type {any} */ (window).__streamlit = { BACKEND_BASE_URL: new URL(".", window.location.href).href };
