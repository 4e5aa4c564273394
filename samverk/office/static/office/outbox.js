// Attendance on a dead network: each tap is kept on the device first, then sent. Without this module the forms do it.
import { keep } from "../kit/outbox-store.js";
import { keepSheet } from "./keep-sheet.js";
import { showTap } from "./outbox-rows.js";
import { mine, send } from "./outbox-send.js";
import { showPart } from "./part-form.js";

const roster = document.getElementById("roster");
const { session, person } = roster?.dataset ?? {};

const tapOf = (form, mark) => {
  const row = form.closest("[data-row]");
  const { came, left } = Object.fromEntries(new FormData(form));
  const now = new Date().toISOString();
  return { id: crypto.randomUUID(), session, person, row: row.dataset.row, mark, came, left, seen: row.dataset.seen, tapped_at: now };
};

const tapped = async (event) => {
  const form = event.target.closest("form[data-tap]");
  if (!form || form.dataset.plain) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const tap = tapOf(form, event.submitter.value);
  try {
    await keep(tap);
  } catch {
    // No room on the device: the form goes its own way.
    form.dataset.plain = "1";
    return form.requestSubmit(event.submitter);
  }
  showTap(tap);
  send();
};

if (roster && crypto.randomUUID && globalThis.indexedDB) {
  document.addEventListener("submit", tapped, true);
  roster.addEventListener("click", (event) => {
    if (!event.target.closest("[data-times]")) return;
    event.preventDefault();
    showPart(event.target.closest("[data-row]"));
  });
  document.querySelector("#outbox button").addEventListener("click", send);
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  // Some networks never say that they are back.
  setInterval(async () => (await mine()).length && send(), 30000);
  for (const tap of await mine()) if (tap.session === session) showTap(tap);
  send();
  keepSheet(roster.dataset.worker);
}
