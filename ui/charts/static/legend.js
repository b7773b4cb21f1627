// The keys to a picture: the legend, and the scale of a heat map.

/** @import { Context, Font, PreparedTable, RichText, Trace } from "./figure.js" */
/** @import { Picture } from "./picture.js" */

import { Axis } from "./axes.js";
import { rich, widthOf, write } from "./text.js";
import { dash, sign } from "./traces.js";

const SWATCH = 24; // pixels, as all of these
const PAD = 5; // between a swatch and its name
const BETWEEN = 14; // two entries
const LINE = 1.6; // height of a row by the letters'
const COLOURBAR = { thickness: 12, labels: 3 }; // from the bar to its labels

/**
 * Draw the legend where `spec` of the layout says.
 * @param {Context} ctx
 * @param {Picture} picture
 * @param {Record<string, any>} spec
 */
export function legend(ctx, picture, spec) {
  const { x = 1.02, y = 1, yanchor = "auto", orientation, font: own } = spec;
  if (orientation !== "h") throw new Error("a legend that is not horizontal is not supported");
  const font = { ...picture.font, ...own };
  const [start, level, above] = [picture.across(x, "paper"), picture.down(y, "paper"), yanchor === "bottom"];
  let entries = rows(ctx, picture, font, start);
  // above the chart there is only so much room
  for (; above && entries.length * LINE * font.size > level && font.size > 7; font.size -= 0.5) {
    entries = rows(ctx, picture, { ...font, size: font.size - 0.5 }, start);
  }
  const step = LINE * font.size;
  entries.forEach((row, number) => {
    const down = level - (above ? entries.length * step + 2 : 0) + (number + 0.5) * step;
    for (const { trace, label, left } of row) {
      swatch(ctx, trace, left, down, picture.font.color);
      write(ctx, label, left + SWATCH + PAD, down, font, 1);
    }
  });
}

/**
 * The entries of the legend, as many side by side as there is room.
 * @param {Context} ctx
 * @param {Picture} picture
 * @param {Font} font
 * @param {number} start
 */
function rows(ctx, picture, font, start) {
  /** @type {{ trace: Trace, label: RichText, left: number }[][]} */
  const found = [[]];
  let left = start;
  for (const { trace } of picture.traces) {
    if (trace.showlegend === false || !trace.name || trace.type === "heatmap") continue;
    const label = rich(trace.name);
    const width = SWATCH + PAD + widthOf(ctx, label, font);
    if (found[found.length - 1].length && left + width > picture.width) {
      found.push([]);
      left = start;
    }
    found[found.length - 1].push({ trace, label, left });
    left += width + BETWEEN;
  }
  return found;
}

/**
 * The sign of a trace beside its name.
 * @param {Context} ctx
 * @param {Trace} trace
 * @param {number} left
 * @param {number} middle
 * @param {string} usual the colour where the trace has none
 */
function swatch(ctx, trace, left, middle, usual) {
  const colour = [trace.line?.color, trace.marker?.color].find((item) => typeof item === "string");
  ctx.fillStyle = ctx.strokeStyle = colour ?? usual;
  if (trace.type === "bar") return ctx.fillRect(left + SWATCH - 10, middle - 5, 10, 10);
  const mode = trace.mode ?? "lines";
  ctx.beginPath();
  ctx.lineWidth = trace.line?.width ?? 2;
  dash(ctx, trace.line ?? {});
  if (mode.includes("lines")) {
    ctx.moveTo(left, middle);
    ctx.lineTo(left + SWATCH, middle);
  }
  ctx.stroke();
  ctx.setLineDash([]);
  if (mode.includes("markers")) sign(ctx, trace, left + SWATCH / 2, middle);
}

/**
 * The scale of a heat map, beside it.
 * @param {Context} ctx
 * @param {Picture} picture
 * @param {PreparedTable} prepared
 */
export function colourbar(ctx, picture, { trace, zmin, zmax }) {
  if (trace.showscale === false) return;
  const bar = trace.colorbar ?? {};
  const thick = bar.thickness ?? COLOURBAR.thickness;
  const [y, len] = [bar.y ?? 0.5, bar.len ?? 1];
  const [low, high] = [picture.level(y - len / 2), picture.level(y + len / 2)];
  const [middle, half] = [(low + high) / 2, (low - high) / 2 - (bar.ypad ?? 0)];
  const left = picture.across(bar.x ?? 1.01, "paper") + (bar.xpad ?? 0);
  const shades = ctx.createLinearGradient(0, middle + half, 0, middle - half);
  for (const [position, colour] of trace.colorscale) shades.addColorStop(position, colour);
  ctx.fillStyle = shades;
  ctx.fillRect(left, middle - half, thick, 2 * half);
  const font = { ...picture.font, size: 10, ...bar.tickfont };
  const spec = { ...bar, tickvals: bar.tickvals ?? [zmin, (zmin + zmax) / 2, zmax] };
  const axis = new Axis(spec, [zmin, zmax], middle + half, middle - half);
  const room = half - 0.4 * font.size; // the labels at the ends stay beside the bar
  for (const { at, label } of axis.ticks(ctx, font, true)) {
    const down = Math.max(middle - room, Math.min(middle + room, at));
    write(ctx, label, left + thick + COLOURBAR.labels, down, font, 1);
  }
}
