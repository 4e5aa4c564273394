// What a ticket before the camera means, and what the server says of it later.
import { keep } from "../kit/outbox-store.js";
import { clock, say } from "./check-in-said.js";
import { send } from "./outbox-send.js";
import { codeIn, digestOf } from "./ticket-code.js";

const roster = document.getElementById("roster");
const words = roster.dataset;
const { session, person } = words;
const tickets = JSON.parse(document.getElementById("tickets").textContent);
const byDigest = new Map(tickets.map((one) => [one.digest, one]));
export const byRow = new Map(tickets.map((one) => [one.row, one]));
// Scans whose ticket only the server may know.
const asked = new Set();

const kept = async (facts) => {
  const tap = { id: crypto.randomUUID(), session, person, tapped_at: new Date().toISOString(), ...facts };
  await keep(tap);
  send();
  return tap.id;
};

const takeBack = (ticket) => () => {
  ticket.scanned = false;
  kept({ row: ticket.row, mark: "none", seen: "here" });
  say("again", words.taken, ticket.name);
};

const arrive = (ticket) => {
  if (ticket.scanned) return say("again", words.again, ticket.name, ticket.at ?? "");
  ticket.scanned = true;
  ticket.at = clock(new Date());
  kept({ row: ticket.row, mark: "here", scan: "row", seen: ticket.seen });
  ticket.seen = "here";
  say("here", words.here, ticket.name, ticket.organisation, takeBack(ticket));
};

export const take = async (text) => {
  const code = codeIn(text);
  if (!code) return say("foreign", words.nothing, "", text.slice(0, 60));
  const ticket = byDigest.get(await digestOf(session, code));
  if (ticket) return arrive(ticket);
  say("foreign", words.foreign, "", navigator.onLine ? "" : words.asked);
  asked.add(await kept({ row: "", mark: "here", scan: code }));
};

// The server knows tickets that are younger than this page, and what other phones have scanned.
export const answered = ({ detail }) => {
  for (const [id, one] of Object.entries(detail.arrived)) {
    const ticket = byRow.get(one.row);
    if (ticket) ticket.scanned = true;
    if (one.again || asked.has(id)) say(one.again ? "again" : "here", one.again ? words.again : words.here, one.name, one.organisation);
  }
  for (const one of detail.refused) if (asked.delete(one.id) || one.code) say("foreign", one.reason);
};
