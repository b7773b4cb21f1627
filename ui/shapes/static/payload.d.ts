// What Python sends to the scripts of the page “Shapes”; see ui/live/static/payload.d.ts.

import type { Figure } from "../../charts/static/figure.d.ts";
import type { Frame, ResultsTable } from "../../live/static/payload.d.ts";

export interface ShapesFrame extends Frame {
  columns: number;
  letters: number; // of the longest symbol
  ends: boolean; // its outputs come last
  decodes: boolean; // a decoder writes them
  graded: boolean; // how good they are is told beside a guess
  table: ResultsTable;
  titles: { finding: string };
  summary: string;
  said: string; // of the reader's drawing
  alts: { finding: string };
  figures: { diagram: Figure; finding: Figure; alignment?: Figure; race?: Figure };
}

/** The paper on which a picture is drawn (ui/shapes/paper.py). */
export interface DrawingData {
  drawing: string; // to begin with
  label: string;
  hint: string;
  words: Record<"colour" | "kind" | "line" | "filled" | "undo" | "clear" | "keys" | "down" | "up" | "full", string>;
  colours: [letter: string, name: string, colour: string][];
  paper: string;
  width: number; // of a line
  longest: number; // characters of a drawing
  script: string;
}
