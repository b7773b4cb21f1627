// What Python sends to the script of the page “Sweeps”; see ui/live/static/payload.d.ts.

import type { Figure } from "../../charts/static/figure.d.ts";
import type { Columns, Frame } from "../../live/static/payload.d.ts";

export interface SweepsFrame extends Frame {
  sweep: { buttons: [command: string, label: string][]; lines: string[]; share: number | null };
  cells: [column: number, row: number][];
  cell: [column: number, row: number] | null; // the chosen one, else the best
  details: { title: string; sentence: string; table: Columns; opens: [act: string, label: string][] } | null;
  figures: { map: Figure; curves: Figure };
}
