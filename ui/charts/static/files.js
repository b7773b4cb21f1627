// A chart taken along: drawn once more, on the ground of the page, from the figure that is on the screen.

import { csv, rowsOf } from "./csv.js";
import { Picture } from "./picture.js";
import { SvgContext } from "./svg.js";

const copy = (figure) => {
  const picture = new Picture(figure);
  return [picture, picture.layout.hoverlabel?.bgcolor ?? "#fff"];
};

// figure : decoded. width : as on the screen. range : of its x axis. ratio : pixels of the file for one of the screen.
export async function png(figure, width, range, ratio = 2) {
  const [picture, ground] = copy(figure);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(picture.height * ratio)];
  const ctx = canvas.getContext("2d");
  picture.paint(ctx, width, ratio, range);
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.globalCompositeOperation = "destination-over";
  ctx.fillStyle = ground;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

// The text of an SVG file with this title.
export function svg(figure, width, range, title) {
  const [picture, ground] = copy(figure);
  const ctx = new SvgContext(width, picture.height, ground);
  picture.paint(ctx, width, 1, range);
  return ctx.file(title);
}

// The numbers of the figure as the text of a CSV file.
export function numbersOf(figure) {
  return csv(rowsOf(figure));
}
