// The course in the browser's own storage: answers, scores, tasks that are done, the ten questions.
// Nothing of it is kept on the server.

export const NAME = "rnn-lab-course";

// What is kept, as the script reads it; nothing where storage is forbidden.
export function kept(storage = localStorage) {
  try {
    return storage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

// Whether what was kept is gone; not where nothing can be kept.
export function gone(storage = localStorage) {
  try {
    if (storage.getItem(NAME) !== null) return false;
    storage.setItem(NAME, "");
    storage.removeItem(NAME);
    return true;
  } catch {
    return false;
  }
}

function content(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" ? value : {};
  } catch {
    return {};
  }
}

// Keep what the script knows. What only another tab knows stays, unless everything is erased.
export function keep(written, erase, storage = localStorage) {
  const record = content(written);
  const before = erase ? {} : content(kept(storage));
  const others = before.version === record.version ? before : {};
  for (const part of ["lessons", "quiz"]) record[part] = { ...others[part], ...record[part] };
  try {
    if (erase) storage.removeItem(NAME);
    else storage.setItem(NAME, JSON.stringify(record));
  } catch {
    // full, or forbidden: the course goes on without
  }
}
