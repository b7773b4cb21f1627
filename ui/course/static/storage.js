// The course in the browser's own storage: answers, scores, tasks that are done. Nothing of it is kept on the server.

export const NAME = "rnn-lab-course";

// What is kept, as the script reads it; nothing where storage is forbidden.
export function kept(storage = localStorage) {
  try {
    return storage.getItem(NAME) ?? "";
  } catch {
    return "";
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

// Keep what the script knows. Lessons that only another tab knows stay, unless everything is erased.
export function keep(written, erase, storage = localStorage) {
  const record = content(written);
  const before = erase ? {} : content(kept(storage));
  const others = before.version === record.version ? before.lessons : {};
  record.lessons = { ...others, ...record.lessons };
  try {
    if (erase && !Object.keys(record.lessons).length) storage.removeItem(NAME);
    else storage.setItem(NAME, JSON.stringify(record));
  } catch {
    // full, or forbidden: the course goes on without
  }
}
