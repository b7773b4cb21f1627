// Networks in the browser's own storage (IndexedDB): files as the server made them, and what the page knows of each.
// At most so many bytes; those that were kept first go first.

const NAME = "rnn-lab-networks";
const OFF = "rnn-lab-networks-off"; // the reader wants nothing kept
export const MOST = 32 * 2 ** 20; // bytes of all
const MOST_NETWORKS = 100;

/** @typedef {import("./payload.d.ts").KeptNetwork} KeptNetwork */

/**
 * Those that must go so that a file of `size` bytes fits beside the others; null where it never does.
 * @param {KeptNetwork[]} kept
 * @param {string} identity of the one that comes
 * @param {number} size
 */
export function inTheWay(kept, identity, size) {
  if (size > MOST) return null;
  const others = kept.filter((one) => one.identity !== identity).sort((one, other) => other.at - one.at);
  let room = MOST - size;
  return others.filter((one, place) => (room -= one.size) < 0 || place >= MOST_NETWORKS - 1).map((one) => one.identity);
}

/** @returns {Promise<IDBDatabase>} */
const open = () =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("about", { keyPath: "identity" });
      request.result.createObjectStore("files");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });

/**
 * Do something with both stores at once; all of it happens, or nothing.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(about: IDBObjectStore, files: IDBObjectStore) => IDBRequest<T> | void} act
 * @returns {Promise<T>}
 */
async function within(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(["about", "files"], mode);
      const request = act(transaction.objectStore("about"), transaction.objectStore("files"));
      transaction.oncomplete = () => resolve(/** @type {T} */ (request?.result));
      transaction.onabort = () => reject(transaction.error); // an error of a request comes before, without its reason
    });
  } finally {
    database.close();
  }
}

// What is known of all that are kept, the newest first.
/** @returns {Promise<KeptNetwork[]>} */
export async function everyNetwork() {
  const all = await within("readonly", (about) => about.getAll());
  return all.sort((one, other) => other.at - one.at);
}

/** @param {string} identity @returns {Promise<ArrayBuffer | undefined>} */
export const fileOf = (identity) => within("readonly", (_about, files) => files.get(identity));

// Whether there is room for it. It is not kept where the reader has erased all meanwhile: transactions follow one
// another, so what one finds wanted as it is made comes before an erasure, or not at all.
/** @param {KeptNetwork} network @param {ArrayBuffer} file */
export async function keepNetwork(network, file) {
  const kept = await everyNetwork();
  const since = kept.find(({ identity }) => identity === network.identity)?.since ?? network.at;
  const dropped = inTheWay(kept, network.identity, file.byteLength);
  if (dropped === null) return false;
  await within("readwrite", (about, files) => {
    if (keepingIsOff()) return;
    for (const identity of dropped) remove(about, files, identity);
    files.put(file, network.identity);
    about.put({ ...network, since });
  });
  return true;
}

/** @param {IDBObjectStore} about @param {IDBObjectStore} files @param {string} identity */
function remove(about, files, identity) {
  about.delete(identity);
  files.delete(identity);
}

/** @param {string[]} identities */
export const forgetNetworks = (identities) =>
  within("readwrite", (about, files) => identities.forEach((identity) => remove(about, files, identity)));

// Erase all, and keep nothing from now on.
export async function eraseNetworks() {
  keepFromNowOn(false);
  await within("readwrite", (about, files) => {
    about.clear();
    files.clear();
  });
}

let off = false; // the same where localStorage is forbidden, until the page is left

/** @param {boolean} wanted */
export function keepFromNowOn(wanted) {
  off = !wanted;
  try {
    if (wanted) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    // forbidden: the page remembers it
  }
}

export function keepingIsOff() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return off;
  }
}
