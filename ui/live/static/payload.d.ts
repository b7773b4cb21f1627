// What Python sends to the scripts of the pages. Frames come each time a script asks for a picture (the renderer.py of
// each page), data when the page's script has run (view.py). For those who read and for TypeScript: the browser gets
// none of this. tests/ui/test_payload.py holds real frames and data to it, key by key.

import type { Figure, Packed } from "../../charts/static/figure.d.ts";

export type * from "../../course/static/payload.d.ts";
export type * from "../../shapes/static/payload.d.ts";
export type * from "../../sweeps/static/payload.d.ts";
export type * from "../../unroll/static/payload.d.ts";

/** What the reader should know or do now. action: a command of the page's script, and what its button says. */
export interface Notice {
  kind: "info" | "warning" | "error";
  sentence: string;
  detail: string;
  action: [act: string, label: string] | null;
}

/** Columns by their names; null is an empty cell. */
export type Columns = Record<string, (string | number | null)[]>;

/** A guide (sentences) or a table. */
export type Part = string[] | Columns;

export type NumberRow = [name: string, number: string, note: string];
export type NameAndText = [name: string, text: string];
export type Sample = [update: number, heading: string, text: string];

/** Every answer, also one without figures. */
export interface Answer {
  token: string;
  status: "starting" | "compiling" | "running" | "paused";
  renderer: string; // of which page the frame is
  watched: boolean;
  returning: boolean; // the reader's own network, from this browser, is about to take the place of this one
  notices?: Notice[];
  look?: Look; // of the Lab's network
  former?: string; // what the button says that brings the network before back
}

/** What every frame of a page holds. */
export interface Frame extends Answer {
  name: string; // of this frame, for the next request
  notices: Notice[];
  run: number;
  update: number;
  numbers: NumberRow[];
  line: string; // where the network stands in the line of a busy server
  parts: Record<string, Part>;
  figures: Record<string, Figure>;
  card?: boolean; // there is a published result for this task
  rest?: number; // milliseconds that the next picture may wait
}

export interface Details {
  title: string;
  rows: NameAndText[];
  outputs?: [symbol: string, share: string, p: number, target: boolean][];
  units: [name: string, text: string, value: number][];
  headings: [outputs: string, units: string];
  links?: [act: string, label: string][];
}

/** The line about what ails the training. */
export interface Doctor {
  sentence: string; // empty: nothing does
  evidence: [update: number, chart: "loss" | "score"] | null;
  remedy: string; // what the button says that tries it; empty: there is nothing to try
}

/** The film that is being made of the training, or was. */
export interface Film {
  making: boolean;
  number: number | null; // of the one that can be taken along
  sentence: string; // how far it is
}

export interface LabFrame extends Frame {
  film: Film;
  doctor: Doctor;
  learningRate: number;
  steps: number;
  verdict: string;
  pytorch: boolean; // the network came from a file of the reader's, and can be taken back
  card: boolean;
  details?: Details;
  samples?: Sample[];
  figures: { score: Figure; loss?: Figure };
}

export interface GradientsFrame extends Frame {
  steps: number;
  losses: number[]; // the steps whose loss counts
  t: number; // the chosen loss
  rest: number;
  details: { title: string; sentence: string; table: Columns | null } | null;
  figures: Record<"matrix" | "decay" | "path" | "plane" | "history", Figure>;
}

export interface ResultsTable {
  headings: string[];
  rows: string[][];
  caption: string;
}

/** The button of the sweep and where it stands. */
export interface Sweep {
  command: "sweep" | "stop_sweep" | null;
  label: string;
  line: string;
  share?: number;
  verdicts?: string[];
}

export interface ArenaFrame extends Frame {
  sweep: Sweep;
  updates: number[];
  table: ResultsTable;
  verdicts: string[];
  card: boolean;
  figures: { states: Figure; race?: Figure; reach?: Figure; climb?: Figure; rule?: Figure };
}

/** Symbols in a row, each with a bar. */
export interface Strip {
  symbols: string[];
  heights: number[];
  titles: string[];
  marks?: boolean[]; // what the network does not know
}

export interface Sentence {
  name: string;
  strip: Strip | null;
  numbers: NameAndText[];
  notes: NameAndText[];
}

export interface LanguageFrame extends Frame {
  view: "score" | "write" | "rulers" | "game";
  rest: number;
}

export interface ScoreFrame extends LanguageFrame {
  view: "score";
  sentences: Sentence[];
  best: number | null;
  chosen: number;
  verdict: string;
  before: string[]; // a sentence, then symbols
  figures: { parting: Figure; score?: Figure };
}

export interface Branch {
  title: string;
  parent: number | null;
  given: number; // symbols that it has from its parent
  ids: number[];
  strip: Strip;
  total: string;
  note: string;
}

export interface Candidates {
  title: string;
  sentence: string;
  headings: string[];
  rows: { id: number; symbol: string; before: number; after: number; texts: [string, string]; drawn: boolean }[];
  rest: string;
}

export interface WriteFrame extends LanguageFrame {
  view: "write";
  prompt: string[];
  branches: Branch[];
  branch: number;
  step: number | null;
  length: number;
  candidates: Candidates | null;
  compared: Columns;
  unread?: NameAndText;
  samples?: Sample[];
  figures: { choices: Figure };
}

export interface BaselinesFrame extends LanguageFrame {
  view: "rulers";
  share: number;
  summary: string;
  figures: { rulers: Figure };
}

export interface GameFrame extends LanguageFrame {
  view: "game";
  passage: number;
  seen: string;
  asked: number;
  done: number;
  rounds: number;
  over: boolean;
  kind: "characters" | "words";
  certainties: number[];
  summary: NameAndText;
  sums: Columns;
  figures: { race: Figure };
}

/** The moment of the training that is shown. */
export interface Look {
  update: number;
  wanted: number | null; // the update that the reader has chosen; null: the newest
  first: number; // that can be reached
  newest: number;
  past: boolean; // another moment than the newest is shown
  sentence: string; // which one
  unlinked: string; // that a link does not lead to it, if so
  progress: string; // how far the replay is, or why there is none
}

/** A network that the browser keeps. */
export interface KeptNetwork {
  identity: string;
  stamp: string; // changes with whatever is in the file
  update: number;
  settings: string; // of its page, in short
  kind?: string; // of the page that it comes back on; the Lab's, where it is not said
  tab: string; // that it trained in
  present: boolean; // it was the network of its tab then, not another one of its list
  at: number; // Date.now() when it was kept
  since?: number; // the same, for the first time
  size: number; // bytes
}

/** The visible rows of a long text. */
export interface TextWindow {
  begin: number;
  end: number;
  starts: number[];
  labels: string[];
  cell: number;
  ids: Packed;
  values: Packed;
  surprise: Packed;
  held?: Packed;
  kept?: number;
  guesses?: Packed;
  odds?: Packed;
}

export interface Place {
  at: number;
  score: string;
  parts: [before: string, place: string, after: string];
}

export interface Search {
  sentences: string[];
  table?: { head: string[]; rows: string[][]; units: number[]; found: boolean[]; keys: string[] };
  note?: string;
  key?: string;
  beside?: string;
  pattern?: { sentence: string; units: number[]; places: Place[] };
  nearest?: { sentence: string; places: Place[] };
}

export interface Change {
  problem: string;
  at: number;
  sentences?: string[];
  written?: string;
  writtenAfter?: string;
  lasts?: string[];
}

export interface Legend {
  value: string;
  surprise: string;
  scale: [position: number, colour: string][];
  chances: [position: number, colour: string][];
  ink: string;
  faded: string;
  background: string;
  marked: string;
  grid: string;
  bar: string;
}

export interface MemoryFrame extends Frame {
  symbols: number;
  units: number;
  unit: number;
  order: number[];
  step: number | null;
  steps: number;
  goto: number | null;
  total: number;
  row: number;
  rest: number;
  progress: string;
  unread: string;
  legend: Legend;
  window: TextWindow;
  multiples?: { begin: number; starts: number[]; units: number[]; names: string[]; values: Packed };
  details?: Details;
  search?: Search;
  change?: Change;
  figures: { units?: Figure; beside?: Figure; change?: Figure; curve?: Figure };
}

export interface PlaneFrame extends Frame {
  shown: "states" | "tree";
  inputs: string[];
  summary: string;
  rest: number;
  figures: { plane?: Figure; now?: Figure; before?: Figure };
}

/** What the page's script says to the script of any page. */
export interface PageData {
  key: string;
  renderer: string; // that makes this page's frames
  tab: string;
  awaited: boolean | null; // whether the page that the tab had before has not left yet
  settings: string; // of the network that is shown, in short
  kind: string; // of networks that the page trains
  language: string;
  script: string;
  words: Record<string, string> & { connection: Record<string, string> };
  streamlit: [streamlit: string, words: string][]; // what it writes itself, and the reader's words
  theme: "light" | "dark"; // that the script has used
  projecting: boolean;
  glossary: [words: string[], meaning: string][];
  colours: { faded: string; positive: string; negative: string };
}

/** The words of the menu beside a chart, and whether the page is projected. */
export interface ChartData {
  words: Record<string, any>;
  projecting: boolean;
}

/** A chart that does not move (ui/live/figure.py). */
export interface FigureData extends ChartData {
  figure: string; // JSON
  name: string;
  script: string;
  language: string;
}

/** A table that does not move (ui/live/table.py). */
export interface TableData {
  columns: Columns;
  word: string;
  name: string;
  script: string;
  language: string;
}

/** The line about the connection (ui/live/line.py). */
export interface LineData {
  words: Record<string, string>;
  streamlit: [streamlit: string, words: string][];
  theme: "light" | "dark";
  script: string;
  tab: string;
  awaited: boolean | null;
}

/** What a first visit is shown (ui/lab/welcome.py). */
export interface WelcomeData {
  words: Record<"sentence" | "course" | "takes" | "lab" | "free", string>;
  script: string;
}

/** The component as Streamlit hands it over. */
export interface Component<Data = PageData> {
  data: Data;
  parentElement: HTMLElement | ShadowRoot;
  setTriggerValue(name: string, value: any): void;
  setStateValue(name: string, value: any): void;
}
