// A chart taken along: drawn once more, on the ground of the page, from the figure that is on the screen. Other pictures
// of a page are taken along in the same way.

/** @import { Context, Drawing } from "./figure.js" */

/** @import { Figure, Range } from "./figure.js" */

import { csv, rowsOf } from "./csv.js";
import { Picture } from "./picture.js";
import { SvgContext } from "./svg.js";

/** @param {Figure} figure */
const copy = (figure) => {
  const picture = new Picture(figure, null);
  return [picture, picture.layout.hoverlabel?.bgcolor ?? "#fff"];
};

// figure : decoded. width : as on the screen. range : of its x axis. ratio : pixels of the file for one of the screen.
/** @param {Figure} figure @param {number} width @param {Range} range */
export async function png(figure, width, range, ratio = 2) {
  const [picture, ground] = copy(figure);
  /** @param {Context} ctx */
  const draw = (ctx) => picture.paint(ctx, width, ratio, range);
  return pngOf({ width, height: picture.height, ground, draw }, ratio);
}

// A drawing as PNG. It has a width, a height, a ground and `draw`, which gets a context.
/** @param {Drawing} drawing @param {number} [ratio] */
export async function pngOf({ width, height, ground, draw }, ratio = 2) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  draw(ctx);
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.globalCompositeOperation = "destination-over";
  ctx.fillStyle = ground;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

// The text of an SVG file with this title. range : null for the whole x axis.
/** @param {Figure} figure @param {number} width @param {Range | null} range @param {string} title */
export function svg(figure, width, range, title) {
  const [picture, ground] = copy(figure);
  /** @param {Context} ctx */
  const draw = (ctx) => picture.paint(ctx, width, 1, range ?? picture.full);
  return svgOf({ width, height: picture.height, ground, draw }, title);
}

// A drawing as the text of an SVG file.
/** @param {Drawing} drawing @param {string} title */
export function svgOf({ width, height, ground, draw }, title) {
  const ctx = new SvgContext(width, height, ground);
  draw(ctx);
  return ctx.file(title);
}

// The numbers of the figure as the text of a CSV file.
/** @param {Figure} figure */
export function numbersOf(figure) {
  return csv(rowsOf(figure));
}
