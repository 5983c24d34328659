// One event stream for all tabs of one person on this device (a browser allows six connections to a server).
import { Stream } from "./stream.js";

const REMEMBERED = 1000;
const ports = new Set();
const recent = [];
let stream = null;
let forgotten = 0;

function remember(announcement) {
  recent.push(announcement);
  if (recent.length > REMEMBERED) forgotten = recent.shift().n;
}

function tell(message) {
  if (message.type === "announcement") remember(message.announcement);
  for (const port of ports) port.postMessage(message);
}

function join(port, { url, after }) {
  ports.add(port);
  if (!stream) {
    forgotten = after ?? 0;
    stream = new Stream(url, after, tell);
    return;
  }
  stream.hurry();
  if (after === null) return;
  if (after < forgotten) port.postMessage({ type: "resync" });
  for (const announcement of recent) if (announcement.n > after) port.postMessage({ type: "announcement", announcement });
}

self.addEventListener("connect", (event) => {
  const port = event.ports[0];
  port.addEventListener("message", ({ data }) => {
    if (data.type === "join") join(port, data);
    if (data.type === "hurry") stream?.hurry();
    if (data.type === "leave") ports.delete(port);
  });
  port.start();
});
