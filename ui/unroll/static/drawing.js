// The diagram as a file: what the styles of the page make of it is written into each of its elements.

const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "opacity", "visibility",
  "font-family", "font-size", "font-weight", "text-anchor",
];
const PIXELS = 2; // of a picture, for each of the drawing

/**
 * The drawing that is on the page, as a document of its own.
 * @param {SVGSVGElement} shown
 * @param {string} background
 */
export function drawing(shown, background) {
  const copy = /** @type {SVGSVGElement} */ (shown.cloneNode(true));
  const copied = [copy, ...copy.querySelectorAll("*")];
  [shown, ...shown.querySelectorAll("*")].forEach((element, at) => {
    const style = getComputedStyle(element);
    copied[at].setAttribute("style", STYLES.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";"));
    copied[at].removeAttribute("class");
  });
  copy.style.background = background;
  return new XMLSerializer().serializeToString(copy);
}

/**
 * The same as a picture.
 * @param {string} text of the drawing
 * @param {number} width
 * @param {number} height
 * @param {string} background
 * @returns {Promise<Blob | null>}
 */
export async function picture(text, width, height, background) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [PIXELS * width, PIXELS * height];
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.fillStyle = background;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve));
}
