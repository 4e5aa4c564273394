// Sends what waits on this device, one session after the other, until nothing of this person waits.
import { drop, waiting } from "../kit/outbox-store.js";
import { swap } from "./outbox-rows.js";

const roster = document.getElementById("roster");
const line = document.getElementById("outbox");
const { session, person } = roster?.dataset ?? {};
// Sessions this person no longer sees: their marks stay, and do not stand in the way of others.
const closedDoors = new Set();
let sending = false;
let asked = false;

const device = () => (localStorage.device ??= crypto.randomUUID());
const fields = (page) => page.querySelectorAll("[name=csrfmiddlewaretoken]");

export const mine = async () => (await waiting()).filter((tap) => tap.person === person && !closedDoors.has(tap.session));

const tell = (number, said) => {
  line.hidden = !number;
  const words = number === 1 ? roster.dataset.one : roster.dataset.many.replace("{n}", number);
  line.querySelector("[data-said]").textContent = said ?? words;
};

const post = (code, marks) =>
  fetch(roster.dataset.send.replace(session, code), {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": fields(document)[0].value },
    body: JSON.stringify({ device: device(), marks, panels: roster.dataset.panels?.split(" ") }),
  });

// A sheet kept from this morning carries an old token: ask for a new one.
const freshToken = async () => {
  const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
  const found = fields(page)[0];
  for (const field of fields(document)) if (found) field.value = found.value;
};

// False where only signing in helps.
const sendTo = async (code, taps) => {
  let answer = await post(code, taps);
  if (answer.status === 403) {
    await freshToken();
    answer = await post(code, taps);
  }
  if (answer.redirected) return false;
  if (answer.status === 404) return closedDoors.add(code);
  if (!answer.ok) throw new Error(answer.status);
  const said = await answer.json();
  await drop([...said.taken, ...said.refused.map((one) => one.id)]);
  dispatchEvent(new CustomEvent("outbox-sent", { detail: said }));
  if (code === session) swap(said, new Set((await mine()).map((tap) => tap.row)));
  return true;
};

const sendAll = async () => {
  for (let taps = await mine(), turn = 0; taps.length && turn < 20; taps = await mine(), turn++) {
    const code = taps[0].session;
    const some = taps.filter((tap) => tap.session === code);
    if (!(await sendTo(code, some))) return tell(taps.length, roster.dataset.lost);
  }
  tell((await mine()).length);
};

export const send = async () => {
  // Asked while a try is under way, as when the network comes back before it failed: one more follows it.
  asked = true;
  if (sending) return;
  sending = true;
  while (asked) {
    asked = false;
    try {
      await sendAll();
    } catch {
      tell((await mine()).length);
    }
  }
  sending = false;
};
