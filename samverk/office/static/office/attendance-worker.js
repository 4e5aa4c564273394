// Keeps one sheet and its files, so that a reload without network shows it. Network first; what is kept lasts a day.
const DAY = 24 * 3600 * 1000;
const CACHE = `sheet-${self.registration.scope}`;

const stamped = async (answer) => {
  const headers = new Headers(answer.headers);
  headers.set("x-kept", Date.now());
  return new Response(await answer.blob(), { status: answer.status, headers });
};

const store = async (request, answer) => {
  if (!answer.ok || answer.redirected || answer.type === "opaque") return;
  const cache = await caches.open(CACHE);
  await cache.put(request, await stamped(answer));
};

const kept = async (request) => {
  const found = await (await caches.open(CACHE)).match(request, { ignoreSearch: true, ignoreVary: true });
  if (!found) return Response.error();
  if (Date.now() - Number(found.headers.get("x-kept")) < DAY) return found;
  await caches.delete(CACHE);
  return Response.error();
};

const answered = async (request) => {
  try {
    const answer = await fetch(request);
    await store(request, answer.clone());
    return answer;
  } catch {
    return kept(request);
  }
};

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => {
  const { page, files } = event.data;
  const fetched = [page, ...files].map(async (address) => store(address, await fetch(address, { credentials: "same-origin" })));
  event.waitUntil(Promise.allSettled(fetched));
});
addEventListener("fetch", (event) => {
  const { request } = event;
  const isOurs = request.mode === "navigate" || new URL(request.url).pathname.startsWith("/static/");
  if (request.method === "GET" && isOurs) event.respondWith(answered(request));
});
