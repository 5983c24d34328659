// Where entries wait until the server has them: IndexedDB, so that a reload or a flat battery loses nothing.
// Where a browser refuses to keep anything the page is told, and says so.
const NAME = "winddown";
const STORE = "entries";

let opened = null;
const memory = new Map();
let kept = true;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE, { keyPath: "order", autoIncrement: true }).createIndex("id", "id", { unique: true }));
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
  return opened;
}

async function run(mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const request = work(transaction.objectStore(STORE));
    transaction.addEventListener("complete", () => resolve(request.result));
    transaction.addEventListener("abort", () => reject(transaction.error));
    transaction.addEventListener("error", () => reject(transaction.error));
  });
}

/** Keeps an entry and gives it its place in the order. An entry with a known id is kept once. */
export async function add(entry) {
  try {
    return { ...entry, order: await run("readwrite", (store) => store.add(entry)) };
  } catch (error) {
    if (error?.name === "ConstraintError") return (await all()).find((other) => other.id === entry.id) ?? entry;
    kept = false;
    const order = Date.now() + memory.size / 1000;
    memory.set(order, { ...entry, order });
    return memory.get(order);
  }
}

export async function all() {
  const stored = await run("readonly", (store) => store.getAll()).catch(() => []);
  return [...stored, ...memory.values()];
}

export async function put(entry) {
  if (memory.has(entry.order)) memory.set(entry.order, entry);
  else await run("readwrite", (store) => store.put(entry));
}

export async function remove(entry) {
  if (!memory.delete(entry.order)) await run("readwrite", (store) => store.delete(entry.order));
}

/** False when the last entry could only be held in this page's memory. */
export function isKept() {
  return kept;
}
