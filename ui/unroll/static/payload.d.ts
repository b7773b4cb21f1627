// What Python sends to the view of the page Unroll; see ui/live/static/payload.d.ts.

/** What the rows or the columns of an array are. */
export type Axis = "unit" | "symbol" | "loss" | "";

/** An array of a computation: whole (v), or one row and one column of a large matrix (ui/unroll/payload.py). */
export interface UnrolledArray {
  s: [rows: number, columns: number]; // shape
  n: string; // name, as a formula
  r: Axis; // rows
  c: Axis; // columns
  v?: number[]; // values, one row after the other
  row?: [index: number, values: number[]];
  col?: [index: number, values: number[]];
  losses?: number[]; // that the columns belong to
  out?: number[]; // columns that truncation leaves out
  cut?: boolean; // all of it is left out
}

export type Phase = "forward" | "backward";
export type OperationEntry = [
  what: string, phase: Phase, step: number, part: string, kind: string, result: string, operands: string[], rule: string,
  left: number[], cut: boolean,
];

/** A computation, opened down to its products (ui/unroll/payload.py). */
export interface UnrollPayload {
  cell: string;
  steps: number;
  hidden: number;
  outputs: number;
  large: boolean;
  unit: number;
  output: number;
  symbols: string[];
  ids: number[];
  targets: number[]; // -1: none
  gates: string[];
  arrays: Record<string, UnrolledArray>;
  ops: OperationEntry[];
  titles: Record<string, [title: string, text: string]>;
  letters: Record<string, string>;
  rules: Record<string, string>;
  scales: Record<string, number>;
  words: Record<string, string>;
  theme: ThemeColours;
}

/** Colours of a page (ui/theme.py). */
export interface ThemeColours {
  name: "light" | "dark";
  background: string;
  ink: string;
  faded: string;
  grid: string;
  training: string;
  heldOut: string;
  gradient: string;
  right: string;
  wrong: string;
  marked: string;
  diverging: [position: number, colour: string][];
  sequential: [position: number, colour: string][];
  kinds: string[];
  sans: string;
  mono: string;
}

/** The same with what ui/unroll/view.py adds. */
export interface UnrollData extends UnrollPayload {
  script: string;
  language: string;
  version: string;
  at: number | null;
  projecting: boolean;
}
