// The service worker of one diary link: the form opens again without a network. It keeps that one page and the files that draw it,
// nothing else of the link and nothing that was answered. Served at /p/<link>/worker.js, so it can see no other address.
const HOME = new URL("./", self.location.href).pathname;
const FORM = `${HOME}diary/`;
const KEPT = `winddown-diary ${HOME}`;
const MARK = "X-Winddown-Offline";
const PATIENCE_MS = 6_000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** A page that has drawn the form names the files it used; the form itself is asked for again, and kept only if it still is one. */
self.addEventListener("message", (event) => event.waitUntil(keep(event.data.files ?? []).then((kept) => event.ports[0]?.postMessage({ kept }))));

async function keep(files) {
  const cache = await caches.open(KEPT);
  const page = await fetch(FORM, { credentials: "same-origin" }).catch(() => null);
  if (!page) return false;
  await keepForm(page.clone());
  await Promise.all(files.filter((path) => path.startsWith("/static/")).map((path) => cache.add(path).catch(() => null)));
  return Boolean(await cache.match(FORM));
}

/** The form is kept. A link that opens nothing any more takes everything with it. */
async function keepForm(page) {
  if (page.status === 404) {
    await caches.delete(KEPT);
    await self.registration.unregister();
  } else if (page.ok && !page.redirected && page.headers.get(MARK) === "form") {
    await (await caches.open(KEPT)).put(FORM, page);
  }
}

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (mode === "navigate" && pathname === HOME) event.respondWith(fetch(event.request).catch(() => Response.redirect(FORM)));
  else if (mode === "navigate" && pathname === FORM) event.respondWith(form(event.request));
  else if (pathname.startsWith("/static/")) event.respondWith(fetch(event.request).catch(() => fromPhone(pathname)));
});

async function fromPhone(pathname) {
  return (await (await caches.open(KEPT)).match(pathname)) ?? Response.error();
}

/** The server's page; without a network, or after some seconds of a bad one, the kept form, which says that it is one. */
async function form(request) {
  const kept = await (await caches.open(KEPT)).match(FORM);
  try {
    const page = await fetch(request, kept ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {});
    await keepForm(page.clone());
    return page;
  } catch (why) {
    if (!kept) throw why;
    const words = (await kept.text()).replace("<html", "<html data-from-phone");
    return new Response(words, { headers: kept.headers });
  }
}
