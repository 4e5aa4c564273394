// The code on the wall changes by itself. Where the network is gone, an old code must not look like a living one.
const wall = () => document.getElementById("wall");

const next = async () => {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    wall().replaceWith(page.getElementById("wall"));
    plan(Number(wall().dataset.seconds));
  } catch {
    wall().querySelector(".wall-codes")?.setAttribute("hidden", "");
    wall().querySelector("[data-stale]").hidden = false;
    plan(5);
  }
};

const plan = (seconds) => setTimeout(next, Math.min(Math.max(seconds, 1), 10) * 1000);

plan(Number(wall().dataset.seconds));
navigator.wakeLock?.request("screen").catch(() => {});
