// Draws a Plotly figure and updates it in place. Plotly itself comes from this app's own server.

const CONFIG = { displayModeBar: false, doubleClick: "reset", responsive: false };
const SYMBOL = { widest: 13, narrowest: 6, aspect: 0.62 }; // pixels; width of a monospaced letter by its height

let loading; // one <script> for all charts of the page

function plotly(url) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error(`cannot load ${url}`));
    document.head.append(script);
  });
  return loading;
}

// Letters that stand in columns shrink with the columns, all of them alike.
function fitSymbols(figure, width) {
  const { l = 0, r = 0 } = figure.layout.margin ?? {};
  const lines = figure.data.filter((trace) => trace.meta?.columns);
  const letters = Math.max(1, ...lines.map((trace) => trace.meta.letters));
  for (const trace of lines) {
    const room = (width - l - r) / trace.meta.columns / letters / SYMBOL.aspect;
    trace.textfont.size = Math.max(SYMBOL.narrowest, Math.min(SYMBOL.widest, Math.floor(room)));
  }
}

async function draw(root) {
  while (root.newest && root.clientWidth) {
    const figure = JSON.parse(root.newest);
    root.newest = null; // what arrives while this one is drawn replaces what waits
    figure.layout.width = root.clientWidth;
    fitSymbols(figure, root.clientWidth);
    // A finger that moves over a chart scrolls the page.
    if (window.matchMedia("(pointer: coarse)").matches) figure.layout.dragmode = false;
    root.last = figure;
    await window.Plotly.react(root.firstElementChild, figure.data, figure.layout, CONFIG);
    root.dataset.frames = Number(root.dataset.frames ?? 0) + 1;
  }
  root.drawing = false;
}

function schedule(root) {
  if (root.drawing) return;
  root.drawing = true;
  requestAnimationFrame(() => draw(root));
}

// The column changes its width with the window and with the side bar; a chart that is taken away has none.
function watch(root) {
  const observer = new ResizeObserver(() => {
    if (!root.isConnected) {
      observer.disconnect();
      window.Plotly.purge(root.firstElementChild);
    } else if (root.last && root.last.layout.width !== root.clientWidth) {
      root.newest ??= JSON.stringify(root.last);
      schedule(root);
    }
  });
  observer.observe(root);
}

// Called again with each new figure, also while an earlier call still waits for Plotly. Returns nothing: Streamlit
// would call a returned function not only at the end but also when such a wait is overtaken.
export default async function ({ data, parentElement }) {
  const root = parentElement.querySelector(".live-chart");
  root.setAttribute("aria-label", data.alt);
  root.newest = data.figure;
  await plotly(data.plotly);
  if (!root.watched) {
    root.watched = true;
    watch(root);
  }
  schedule(root);
}
