// Types of what the canvas draws. subset.js checks at run time which attributes a figure may have.

import type { Axis } from "./axes.js";
import type { SvgPath } from "./svg.js";

export type Trace = Record<string, any>;
export type Layout = Record<string, any>;
export type AxisSpec = Record<string, any>;

export interface Figure {
  data?: Trace[];
  layout?: Layout;
}

/** An array as Plotly's JSON spells it, or as it travels where another was before it: arrays.js reads it. */
export interface Packed {
  dtype?: string;
  bdata?: string;
  shape?: string;
  decimals?: number; // rounded to so many, after the point
  digits?: number; // rounded to so many
  steps?: string; // by how much each number differs from the one before
  along?: boolean; // those are steps between steps
  kept?: [begin: number, end: number]; // so many numbers of the one before, around those that are here
  values?: any; // in the browser: what bdata held, or the whole numbers that stand for rounded ones
}

/** A list of numbers: an array, or a typed one. */
export type Numbers = ArrayLike<number> & Iterable<number>;

/** A colour scale: positions from 0 to 1, and their colours. */
export type Scale = [position: number, colour: string][];
export type Range = [from: number, to: number];

export interface Font {
  size: number;
  family: string;
  color: string;
}

/** A piece of text with one style. rise : over the base line, as a share of the letters' size. */
export interface Piece {
  text: string;
  rise?: number;
  scale?: number;
  colour?: string;
  weight?: string;
  slant?: string;
}

/** Lines of pieces. */
export type RichText = Piece[][];

export interface Tick {
  at: number;
  label: RichText;
}

export type Path = Path2D | SvgPath;

/** The calls of a 2D canvas that charts make: a canvas has them, and so has SvgContext. */
export interface Context
  extends Pick<
    CanvasRenderingContext2D,
    | "beginPath" | "clearRect" | "clip" | "closePath" | "fillRect" | "fillText" | "lineTo" | "moveTo" | "restore"
    | "rotate" | "save" | "scale" | "strokeRect" | "strokeText" | "translate"
  > {
  fillStyle: any;
  strokeStyle: any;
  lineWidth: number;
  lineJoin: any;
  globalAlpha: number;
  font: string;
  textAlign: any;
  textBaseline: any;
  imageSmoothingEnabled: boolean;
  newPath?(): SvgPath;
  rect(x: number, y: number, width: number, height: number): void;
  fill(path?: Path): void;
  stroke(path?: Path): void;
  drawImage(canvas: HTMLCanvasElement, x: number, y: number): void;
  setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  setLineDash(pieces: number[]): void;
  measureText(text: string): { width: number };
  createLinearGradient(x1: number, y1: number, x2: number, y2: number): {
    addColorStop(offset: number, colour: string): void;
  };
}

/** A trace with its numbers ready to be drawn. */
export interface Prepared {
  trace: Trace;
  xs: Numbers;
  ys: Numbers;
  modes: Set<string>;
  rows?: Numbers[]; // of a heat map, and the rest of it
  zmin?: number;
  zmax?: number;
  pixels?: Uint32Array;
}

export interface PreparedTable extends Prepared {
  rows: Numbers[];
  zmin: number;
  zmax: number;
  pixels: Uint32Array;
}

/** What the traces of a picture share while it is drawn. */
export interface Scene {
  left: number;
  right: number;
  ratio: number;
  font: Font;
  ground: (x: number, y: number, width: number, height: number) => void;
  bargap?: number;
  canvases: Iterator<HTMLCanvasElement, HTMLCanvasElement>;
}

/** What lies under a pointer: a point or a cell of a trace, its pixels, and how far from the pointer they are. */
export interface Hit {
  trace: Trace;
  x: number;
  y: number;
  z?: number;
  i: number;
  at: [across: number, down: number];
  far: number;
  aside?: number;
}

/** The same with the y axis of its trace. */
export interface HitOnAxis extends Hit {
  axis: Axis;
}

/** Something to be saved as a picture. */
export interface Drawing {
  width: number;
  height: number;
  ground: string;
  draw: (ctx: Context) => void;
}
