// Two ways to draw the same figures, one after the other in the same element's size: the canvas of the pages
// (ui/charts/static) and Plotly.react. Milliseconds of the page's thread for each update, the drawing included.

async ([name, figures, rounds]) => {
  const { Chart } = await import(new URL("browser/charts/static/chart.js", document.baseURI));
  window.loadPlotly();
  const room = document.createElement("div");
  room.style.cssText = "position: fixed; inset: 0 auto auto 0; width: 900px; z-index: 9999; background: white";
  const [ours, theirs] = ["div", "div"].map((tag) => room.appendChild(document.createElement(tag)));
  document.body.append(room);
  const frame = () => new Promise((resolve) => setTimeout(resolve));

  // The chart draws at the next frame of the screen; here that is at once, so that no waiting is measured.
  const chart = new Chart(ours);
  const canvas = (figure) => {
    const { requestAnimationFrame } = window;
    window.requestAnimationFrame = (draw) => (draw(performance.now()), 0);
    chart.draw(figure);
    window.requestAnimationFrame = requestAnimationFrame;
    ours.querySelector("canvas").getContext("2d").getImageData(0, 0, 1, 1); // what was drawn is on the canvas
  };
  const plotly = async ({ data, layout }) => {
    await window.Plotly.react(theirs, data, { ...layout, width: 900 }, { staticPlot: false, displayModeBar: false });
    theirs.getBoundingClientRect(); // what was changed is laid out
  };

  const times = { canvas: [], plotly: [] };
  try {
    for (let round = 0; round < rounds; round++) {
      for (const figure of figures) {
        for (const [which, draw] of round % 2 ? [["canvas", canvas], ["plotly", plotly]] : [["plotly", plotly], ["canvas", canvas]]) {
          await frame();
          const begin = performance.now();
          await draw(figure);
          if (round) times[which].push(performance.now() - begin); // the first round makes the charts
        }
      }
    }
  } finally {
    chart.destroy();
    window.Plotly.purge(theirs);
    room.remove();
  }
  return { name, ...times };
}
