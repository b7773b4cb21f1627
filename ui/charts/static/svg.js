// A drawing context that writes SVG: the calls of a 2D canvas that picture.js, traces.js and text.js make, and no others.
//
// So a chart taken away as SVG is drawn by the code that draws it on the screen. (svgcanvas 2.6 knows no Path2D, and is
// 60 kB for the two dozen calls that are needed here.)

const SVG = "http://www.w3.org/2000/svg";
const FONT = /^\s*(italic)?\s*(bold)?\s*([\d.]+)px (.*)$/;
/** @type {Record<string, string>} */
const ANCHORS = { left: "start", center: "middle", right: "end" };
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu; // in XML
const STYLE = {
  fillStyle: "#000",
  strokeStyle: "#000",
  lineWidth: 1,
  lineJoin: "miter",
  globalAlpha: 1,
  font: "10px sans-serif",
  textAlign: "left",
  textBaseline: "alphabetic",
  imageSmoothingEnabled: true,
};

/** @param {number} number */
const round = (number) => Math.round(number * 1000) / 1000;

// Stand-in for Path2D.
export class SvgPath {
  d = "";

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.d += `M${round(x)} ${round(y)}`;
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.d += `L${round(x)} ${round(y)}`;
  }

  closePath() {
    this.d += "Z";
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  rect(x, y, width, height) {
    this.d += `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z`;
  }

  // A whole circle, the only arc that charts draw; the pen stands at its right end.
  /** @param {number} x @param {number} y @param {number} r */
  arc(x, y, r) {
    this.d += `a${round(r)} ${round(r)} 0 1 1 ${round(-2 * r)} 0a${round(r)} ${round(r)} 0 1 1 ${round(2 * r)} 0`;
  }
}

export class SvgContext {
  /** @type {any} a colour, or what createLinearGradient gives */
  fillStyle = STYLE.fillStyle;
  strokeStyle = STYLE.strokeStyle;
  lineWidth = STYLE.lineWidth;
  lineJoin = STYLE.lineJoin;
  globalAlpha = STYLE.globalAlpha;
  font = STYLE.font;
  textAlign = STYLE.textAlign;
  textBaseline = STYLE.textBaseline;
  imageSmoothingEnabled = STYLE.imageSmoothingEnabled;
  #svg;
  #defs;
  /** @type {Element} */
  #group; // what is drawn now goes in here: it has the clips
  #matrix = [1, 0, 0, 1, 0, 0];
  #path = new SvgPath();
  /** @type {number[]} */
  #dash = [];
  /** @type {any[]} */
  #stack = [];
  #ids = 0;
  #ground;
  #ruler = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

  // ground : the colour that is seen where a canvas is cleared.
  /** @param {number} width @param {number} height @param {string} ground */
  constructor(width, height, ground) {
    const page = document.implementation.createDocument(SVG, "svg");
    this.#svg = page.documentElement;
    this.#set(this.#svg, { width, height, viewBox: `0 0 ${width} ${height}` });
    this.#ground = ground;
    this.#defs = this.#make(this.#svg, "defs");
    this.#group = this.#svg;
  }

  // The picture as the text of a file; title : its name for those who hear it.
  /** @param {string} title */
  file(title) {
    const name = this.#svg.ownerDocument.createElementNS(SVG, "title");
    name.textContent = title.replace(FORBIDDEN, "\ufffd");
    this.#svg.prepend(name);
    return new XMLSerializer().serializeToString(this.#svg);
  }

  newPath() {
    return new SvgPath();
  }

  /** @param {Element} element @param {Record<string, any>} attributes */
  #set(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  /** @param {Element} parent @param {string} name */
  #make(parent, name, attributes = {}) {
    const element = this.#svg.ownerDocument.createElementNS(SVG, name);
    parent.append(element);
    return this.#set(element, attributes);
  }

  /** @param {string} name @param {Record<string, any>} attributes */
  #draw(name, attributes) {
    const [a, b, c, d, e, f] = this.#matrix;
    const moved = a !== 1 || b || c || d !== 1 || e || f;
    const alpha = this.globalAlpha < 1 ? { opacity: this.globalAlpha } : {};
    const transform = moved ? { transform: `matrix(${this.#matrix.map((number) => +number.toPrecision(9)).join(" ")})` } : {};
    return this.#make(this.#group, name, { ...attributes, ...alpha, ...transform });
  }

  // The state

  save() {
    const style = Object.fromEntries(Object.keys(STYLE).map((name) => [name, /** @type {Record<string, any>} */ (this)[name]]));
    this.#stack.push({ style, matrix: this.#matrix, group: this.#group, dash: this.#dash });
  }

  restore() {
    const { style, matrix, group, dash } = this.#stack.pop();
    Object.assign(this, style);
    [this.#matrix, this.#group, this.#dash] = [matrix, group, dash];
  }

  /** @param {...number} matrix */
  setTransform(...matrix) {
    this.#matrix = matrix;
  }

  /** @param {number} a @param {number} b @param {number} c @param {number} d @param {number} e @param {number} f */
  #times(a, b, c, d, e, f) {
    const [A, B, C, D, E, F] = this.#matrix;
    this.#matrix = [A * a + C * b, B * a + D * b, A * c + C * d, B * c + D * d, A * e + C * f + E, B * e + D * f + F];
  }

  /** @param {number} x @param {number} y */
  translate(x, y) {
    this.#times(1, 0, 0, 1, x, y);
  }

  /** @param {number} x @param {number} y */
  scale(x, y) {
    this.#times(x, 0, 0, y, 0, 0);
  }

  /** @param {number} angle */
  rotate(angle) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.#times(cos, sin, -sin, cos, 0, 0);
  }

  /** @param {number[]} pieces */
  setLineDash(pieces) {
    this.#dash = pieces;
  }

  clip() {
    const id = `clip${this.#ids++}`;
    this.#make(this.#make(this.#defs, "clipPath", { id }), "path", { d: this.#path.d });
    this.#group = this.#make(this.#group, "g", { "clip-path": `url(#${id})` });
  }

  /** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
  createLinearGradient(x1, y1, x2, y2) {
    const id = `shades${this.#ids++}`;
    const gradient = this.#make(this.#defs, "linearGradient", { id, gradientUnits: "userSpaceOnUse", x1, y1, x2, y2 });
    return {
      id,
      /** @param {number} offset @param {string} colour */
      addColorStop: (offset, colour) => this.#make(gradient, "stop", { offset, "stop-color": colour }),
    };
  }

  // Drawing

  get #filled() {
    return { fill: this.fillStyle.id ? `url(#${this.fillStyle.id})` : this.fillStyle };
  }

  get #stroked() {
    /** @type {Record<string, any>} */
    const line = { fill: "none", stroke: this.strokeStyle, "stroke-width": this.lineWidth };
    if (this.lineJoin !== "miter") line["stroke-linejoin"] = this.lineJoin;
    if (this.#dash.length) line["stroke-dasharray"] = this.#dash.join(" ");
    return line;
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  clearRect(x, y, width, height) {
    this.#draw("rect", { x, y, width, height, fill: this.#ground });
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  fillRect(x, y, width, height) {
    const [left, top] = [Math.min(x, x + width), Math.min(y, y + height)];
    const size = { width: round(Math.abs(width)), height: round(Math.abs(height)) };
    this.#draw("rect", { x: round(left), y: round(top), ...size, ...this.#filled });
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  strokeRect(x, y, width, height) {
    const path = new SvgPath();
    path.rect(x, y, width, height);
    this.stroke(path);
  }

  beginPath() {
    this.#path = new SvgPath();
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.#path.moveTo(x, y);
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#path.lineTo(x, y);
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  rect(x, y, width, height) {
    this.#path.rect(x, y, width, height);
  }

  closePath() {
    this.#path.closePath();
  }

  fill(path = this.#path) {
    if (path.d) this.#draw("path", { d: path.d, ...this.#filled });
  }

  stroke(path = this.#path) {
    if (path.d) this.#draw("path", { d: path.d, ...this.#stroked });
  }

  /** @param {HTMLCanvasElement} canvas @param {number} x @param {number} y */
  drawImage(canvas, x, y) {
    const { width, height } = canvas;
    const attributes = { "image-rendering": "pixelated", preserveAspectRatio: "none" };
    this.#draw("image", { x, y, width, height, href: canvas.toDataURL(), ...attributes });
  }

  // Text

  /** @param {string} text */
  measureText(text) {
    this.#ruler.font = this.font;
    return this.#ruler.measureText(text);
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    this.#text(text, x, y, this.#filled);
  }

  /** @param {string} text @param {number} x @param {number} y */
  strokeText(text, x, y) {
    this.#text(text, x, y, this.#stroked);
  }

  /** @param {string} text @param {number} x @param {number} y @param {Record<string, any>} paint */
  #text(text, x, y, paint) {
    const [, slant, weight, size, family] = FONT.exec(this.font) ?? [];
    /** @type {Record<string, any>} */
    const font = { "font-size": size, "font-family": family };
    if (slant) font["font-style"] = slant;
    if (weight) font["font-weight"] = weight;
    const anchor = ANCHORS[this.textAlign];
    if (anchor !== "start") font["text-anchor"] = anchor;
    const element = this.#draw("text", { x: round(x), y: round(y), ...font, ...paint });
    // as wide as it was measured, whatever font is there when the file is looked at
    if (text.length > 1) this.#set(element, { textLength: round(this.measureText(text).width), lengthAdjust: "spacingAndGlyphs" });
    if (text.trim() !== text) element.setAttribute("xml:space", "preserve");
    element.textContent = text.replace(FORBIDDEN, "\ufffd");
  }
}
