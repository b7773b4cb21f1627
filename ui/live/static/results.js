// A table of networks in training, each with the colour of its curves; changed in place.

// The text of an element, changed only where it is another.
/** @param {any} element @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// table : the element. headings, rows, caption : its words. colours : of the rows, in their order.
/**
 * @param {HTMLTableElement} table
 * @param {import("./payload.d.ts").ResultsTable} results
 * @param {string[]} colours
 */
export function showResults(table, { headings, rows, caption }, colours) {
  if (!table.tBodies.length || table.rows.length !== rows.length + 1) {
    const [head, body] = [table.createTHead(), table.tBodies[0] ?? table.createTBody()];
    table.createCaption();
    head.replaceChildren(document.createElement("tr"));
    head.rows[0].append(...headings.map(() => Object.assign(document.createElement("th"), { scope: "col" })));
    body.replaceChildren(
      ...rows.map((row, number) => {
        const line = document.createElement("tr");
        const name = Object.assign(document.createElement("th"), { scope: "row" });
        line.append(name, ...row.slice(1).map(() => document.createElement("td")));
        const swatch = Object.assign(document.createElement("span"), { className: "live-swatch" });
        swatch.dataset.contender = String(number);
        name.append(swatch, document.createElement("span"));
        return line;
      }),
    );
  }
  say(table.caption, caption);
  headings.forEach((heading, column) => say(table.tHead?.rows[0].cells[column], heading));
  rows.forEach((row, number) => {
    const { cells } = table.tBodies[0].rows[number];
    const [swatch] = cells[0].getElementsByTagName("span");
    swatch.style.background = colours[number];
    say(cells[0].lastChild, row[0]);
    row.slice(1).forEach((text, column) => say(cells[column + 1], text));
  });
}
