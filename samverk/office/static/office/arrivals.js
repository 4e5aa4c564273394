// Who arrives at another phone is seen here within seconds: a small question for the sheet's version, and only the
// rows that changed.
import { mine } from "./outbox-send.js";
import { swap } from "./outbox-rows.js";

const roster = document.getElementById("roster");
const { news } = roster?.dataset ?? {};
const EVERY = 3000;
let version = roster?.dataset.version;
let wait = EVERY;

const asked = async (query) => {
  const answer = await fetch(`${news}?${query}`, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error(answer.status);
  return answer.status === 204 ? null : answer.json();
};

const isNew = (row, seen) => {
  const here = document.getElementById(`r${row}`);
  return here && here.dataset.seen !== seen && here.dataset.state !== "edit" && !("waits" in here.dataset);
};

// Somebody who came unannounced, or a sheet that was closed: the page as a whole has changed.
const isAnotherPage = (said) => {
  const isWhole = !location.search;
  const rows = Object.keys(said.seen);
  const unknown = rows.some((row) => !document.getElementById(`r${row}`));
  return said.state !== roster.dataset.state || (isWhole && (unknown || rows.length !== roster.children.length));
};

const look = async () => {
  const said = await asked(`version=${version}`);
  if (!said) return;
  const waiting = new Set((await mine()).map((tap) => tap.row));
  if (isAnotherPage(said)) {
    const busy = waiting.size || document.querySelector("[data-state=edit]") || document.activeElement?.matches("input, textarea, select");
    return busy ? undefined : location.reload();
  }
  const rows = Object.keys(said.seen).filter((row) => isNew(row, said.seen[row]) && !waiting.has(row));
  const more = rows.length ? await asked(`version=-1&rows=${rows.join()}`) : said;
  swap({ ...more, refused: [] }, waiting);
  for (const row of rows) document.getElementById(`r${row}`)?.setAttribute("data-arrived", "");
  version = String(said.version);
};

const again = async () => {
  if (document.visibilityState === "visible") {
    try {
      await look();
      wait = EVERY;
    } catch {
      wait = Math.min(wait * 2, 60000);
    }
  }
  setTimeout(again, wait);
};

if (news) setTimeout(again, wait);
