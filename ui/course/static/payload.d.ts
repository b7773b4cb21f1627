// What Python sends to the scripts of the course and of a class; see ui/live/static/payload.d.ts.

import type { Figure } from "../../charts/static/figure.d.ts";
import type { NameAndText, NumberRow } from "../../live/static/payload.d.ts";

/** A slider or an axis. */
export interface SliderScale {
  low: number;
  high: number;
  logarithmic?: boolean;
  whole?: boolean;
}

interface AnyGuess {
  name: string;
  label: string;
}

type Pair = [key: string, label: string];

export interface NumberGuess extends AnyGuess, SliderScale {
  kind: "number";
  unit: string;
  unitOne: string; // of exactly 1
}

export interface ChoiceGuess extends AnyGuess {
  kind: "choice";
  options: Pair[];
}

export interface ManyGuess extends AnyGuess {
  kind: "many";
  items: Pair[];
  options: Pair[];
}

export interface OrderGuess extends AnyGuess {
  kind: "order";
  items: Pair[];
}

export interface CurveGuess extends AnyGuess {
  kind: "curve";
  at: number[];
  x: SliderScale & { title: string };
  y: SliderScale & { title: string };
}

export type Guess = NumberGuess | ChoiceGuess | ManyGuess | OrderGuess | CurveGuess;

export interface GuessForm {
  lesson: string;
  guesses: Guess[];
}

/** The course (ui/course/form.py). */
export interface CourseData {
  script: string;
  language: string;
  state: string;
  loaded: boolean;
  empty: boolean;
  written: string;
  erased: string;
  networksErased: string; // changes with every erasure of the networks
  form: GuessForm | null;
  chart: { lesson: string; figure: string; title: string } | null; // to be kept; the figure is JSON
  chartsAsked: string;
  classes: string[] | null; // codes of those that the script knows this browser's keys for; null: it does not ask
  drafts: boolean | null; // whether the script knows of drafts; null: it does not ask
  arrived: string;
  answered: boolean;
  locked: NameAndText[] | null;
  words: Record<string, string>;
  colours: Record<string, string>;
}

/** What the page's script says of a class (ui/course/classroom/view.py). */
export interface ClassData {
  script: string;
  language: string;
  theme: string;
  projecting: boolean;
  code: string;
  key: string; // the teacher's, where this tab has started the class
  known: boolean;
  at: string;
  link: string;
  local: boolean;
  qr: string;
  lessons: [name: string, heading: string][];
  words: Record<string, any>;
  colours: Record<string, string>;
}

export interface ClassResult {
  name: string;
  label: string;
  rows?: [answer: string, count: number, right: boolean | null][]; // right: null before it is compared
  figure?: Figure;
}

/** Where a class is, and what it sees (ui/course/classroom/frames.py). */
export interface ClassFrame {
  token: string;
  code: string;
  lesson: string;
  title: string;
  part: "read" | "guess" | "run" | "compare";
  closed: boolean;
  here: number;
  guessed: number;
  names: string[];
  status: string;
  share: number;
  waiting: number;
  numbers: NumberRow[];
  guesses: Guess[];
  results: ClassResult[];
}
