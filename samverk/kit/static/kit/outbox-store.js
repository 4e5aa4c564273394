// The marks that wait on this device: in IndexedDB, under ids only, no names. Other modules decide what to do with them.
const NAME = "samverk-outbox";
const SHEETS = "sheet-";
const DAY = 24 * 3600 * 1000;

const opened = () =>
  new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("marks", { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });

const within = async (mode, act) => {
  const database = await opened();
  try {
    return await new Promise((done, fail) => {
      const transaction = database.transaction("marks", mode);
      const asked = act(transaction.objectStore("marks"));
      transaction.oncomplete = () => done(asked?.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  } finally {
    database.close();
  }
};

export const keep = (mark) => within("readwrite", (store) => store.put(mark));
export const drop = (ids) => within("readwrite", (store) => ids.forEach((id) => store.delete(id)));
export const waiting = async () =>
  (await within("readonly", (store) => store.getAll())).sort((a, b) => (a.tapped_at < b.tapped_at ? -1 : 1));

// Names leave the device after a day, or at once.
export const forgetSheets = async (atOnce = false) => {
  if (!globalThis.caches) return;
  for (const name of await caches.keys()) {
    if (!name.startsWith(SHEETS)) continue;
    const cache = await caches.open(name);
    const kept = await Promise.all((await cache.keys()).map((key) => cache.match(key)));
    const old = kept.some((page) => Date.now() - Number(page?.headers.get("x-kept") ?? Infinity) > DAY);
    if (atOnce || old) await caches.delete(name);
  }
};
