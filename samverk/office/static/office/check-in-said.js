// What a scan gave: colour, sign, words, sound and a push of the phone, each of them enough by itself.
const panel = document.getElementById("scan-said");
const latest = document.getElementById("latest");
// Hertz, start and length in seconds: one high tone, two middle ones, a long low one.
const TONES = { here: [[880, 0, 0.14]], again: [[520, 0, 0.1], [520, 0.2, 0.1]], foreign: [[170, 0, 0.5]] };
const PUSHES = { here: 80, again: [60, 80, 60], foreign: 400 };
let sound;

// Browsers play nothing before the first press of a finger.
export const allowSound = () => {
  sound ??= globalThis.AudioContext && new AudioContext();
  sound?.resume();
};

const play = (kind) => {
  navigator.vibrate?.(PUSHES[kind]);
  if (sound?.state !== "running") return;
  for (const [hertz, start, length] of TONES[kind]) {
    const tone = new OscillatorNode(sound, { type: kind === "foreign" ? "square" : "sine", frequency: hertz });
    const loudness = new GainNode(sound, { gain: 0.25 });
    tone.connect(loudness).connect(sound.destination);
    tone.start(sound.currentTime + start);
    tone.stop(sound.currentTime + start + length);
  }
};

const remember = (words, who) => {
  const line = document.createElement("li");
  const time = Object.assign(document.createElement("time"), { textContent: clock(new Date()) });
  line.append(time, Object.assign(document.createElement("bdi"), { textContent: who }), words.replace(/:$/, ""));
  latest.querySelector("ol").prepend(line);
  while (latest.querySelectorAll("li").length > 8) latest.querySelector("li:last-child").remove();
  latest.hidden = false;
};

export const clock = (moment) =>
  moment.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });

export const say = (kind, words, who = "", more = "", undo = null) => {
  panel.dataset.kind = kind;
  panel.querySelector("[data-what]").textContent = words;
  panel.querySelector("[data-who]").textContent = who;
  panel.querySelector("[data-more]").textContent = more;
  const button = panel.querySelector("[data-undo]");
  button.hidden = !undo;
  button.onclick = undo;
  panel.hidden = false;
  play(kind);
  if (who) remember(words, who);
};
