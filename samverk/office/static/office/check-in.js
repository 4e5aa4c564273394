// Scanning tickets, with or without network: each scan is kept on the device first, then sent with the other marks.
import { offerCamera } from "./check-in-camera.js";
import { allowSound } from "./check-in-said.js";
import { answered, byRow, take } from "./check-in-tickets.js";
import { keepSheet } from "./keep-sheet.js";
import { mine, send } from "./outbox-send.js";
import { neededFiles } from "./qr-camera.js";

const words = document.getElementById("roster").dataset;

if (crypto.subtle && globalThis.indexedDB) {
  document.getElementById("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    allowSound();
    const field = event.target.querySelector("[name=code]");
    if (field.value.trim()) take(field.value);
    field.value = "";
    field.focus();
  });
  addEventListener("outbox-sent", answered);
  document.querySelector("#outbox button").addEventListener("click", send);
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  setInterval(async () => (await mine()).length && send(), 15000);
  for (const tap of await mine()) if (byRow.has(tap.row)) byRow.get(tap.row).scanned = tap.mark === "here";
  offerCamera(words.reader, words, take);
  send();
  keepSheet(words.worker, words.scope, await neededFiles(words.reader));
}
