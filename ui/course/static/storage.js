// The course in the browser's own storage: answers, scores, tasks that are done, the ten questions.
// Nothing of it is kept on the server.

import { browserStorage } from "./browser.js";

export const NAME = "rnn-lab-course";
export const CHARTS = "rnn-lab-course-charts"; // lesson -> its chart as SVG

// What is kept, as the script reads it; nothing where storage is forbidden.
export function kept(storage = browserStorage()) {
  try {
    return storage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

// Whether what was kept is gone; not where nothing can be kept.
export function gone(storage = browserStorage()) {
  try {
    if (storage.getItem(NAME) !== null) return false;
    storage.setItem(NAME, "");
    storage.removeItem(NAME);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} text */
function content(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" ? value : {};
  } catch {
    return {};
  }
}

/** @param {any} value @returns {any[]} */
const listed = (value) => (Array.isArray(value) ? value : []);

// Whether another tab has put something in the place of what was kept, and not only added to it.
/** @param {string} before @param {string} after */
export function replaced(before, after) {
  const [old, present] = [before, after].map((text) => content(text).lessons ?? {});
  /** @param {string} name */
  const same = (name) => JSON.stringify(old[name]?.answers) === JSON.stringify(present[name]?.answers);
  return !Object.keys(old).every(same);
}

// Whether a lesson is kept that the script does not know so: locked just before it found the tab's state again.
/** @param {string} written @param {string} text */
export function ahead(written, text) {
  const known = content(written).lessons ?? {};
  return Object.entries(content(text).lessons ?? {}).some(([name, one]) => JSON.stringify(one) !== JSON.stringify(known[name]));
}

// Keep what the script knows. What only another tab knows stays, unless everything else is erased.
/** @param {string} written @param {boolean} erase */
export function keep(written, erase, storage = browserStorage()) {
  const record = content(written);
  const before = erase ? {} : content(kept(storage));
  const others = before.version === record.version ? before : {};
  for (const part of ["lessons", "quiz"]) record[part] = { ...others[part], ...record[part] };
  const seen = new Set([...listed(others.seen), ...listed(record.seen)]);
  if (seen.size) record.seen = [...seen].sort();
  try {
    const empty = !seen.size && ["lessons", "quiz"].every((part) => !Object.keys(record[part]).length);
    if (erase) storage.removeItem(CHARTS);
    if (erase && empty) storage.removeItem(NAME);
    // no writing without need, and no removal before it: other tabs are told of each
    else if (kept(storage) !== JSON.stringify(record)) storage.setItem(NAME, JSON.stringify(record));
  } catch {
    // full, or forbidden: the course goes on without
  }
}

// The charts of the lessons that have been run here.
export function charts(storage = browserStorage()) {
  try {
    return content(storage.getItem(CHARTS) ?? "");
  } catch {
    return {};
  }
}

/** @param {string} lesson @param {string} svg */
export function keepChart(lesson, svg, storage = browserStorage()) {
  const all = charts(storage);
  if (all[lesson] === svg) return;
  try {
    storage.setItem(CHARTS, JSON.stringify({ ...all, [lesson]: svg }));
  } catch {
    // full, or forbidden: what is handed in has no picture
  }
}

const ARRIVED = "rnn-lab-arrived"; // ui/server/static/arriving.js

// What a link has brought to this tab: { text, at }; null for nothing.
export function arrived(storage = browserStorage("sessionStorage")) {
  try {
    const { text, at } = content(storage.getItem(ARRIVED) ?? "");
    return typeof text === "string" && typeof at === "string" ? { text, at } : null;
  } catch {
    return null;
  }
}

export function forgetArrived(storage = browserStorage("sessionStorage")) {
  try {
    storage.removeItem(ARRIVED);
  } catch {
    // forbidden: nothing was kept
  }
}
