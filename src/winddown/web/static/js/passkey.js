// Passkeys on own pages: asks the server what to ask, lets the browser ask the person, sends the answer. Without support the button stays hidden.
const BYTES = ["challenge", "id"];

function fromText(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function toText(bytes) {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function prepared(value, name = "") {
  if (typeof value === "string" && BYTES.includes(name)) return fromText(value);
  if (Array.isArray(value)) return value.map((each) => prepared(each));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, key === "rp" ? each : prepared(each, key)]));
  return value;
}

function told(credential) {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const held = parts.filter((part) => credential.response[part]).map((part) => [part, toText(credential.response[part])]);
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, clientExtensionResults: credential.getClientExtensionResults(), response: Object.fromEntries(held) };
}

async function json(response) {
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

async function go(box) {
  const making = "passkeyMake" in box.dataset;
  const asked = prepared(await json(await fetch(box.dataset.passkey, { headers: { Accept: "application/json" } })));
  const credential = await (making ? navigator.credentials.create(asked) : navigator.credentials.get(asked));
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token };
  const { onward } = await json(await fetch(box.dataset.passkeyAnswer, { method: "POST", headers, body: JSON.stringify(told(credential)) }));
  location.assign(onward);
}

for (const box of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  const words = box.querySelector("[data-passkey-words]");
  box.hidden = false;
  box.querySelector("[data-passkey-go]").addEventListener("click", () => {
    words.textContent = "";
    go(box).catch(() => { words.textContent = box.querySelector("[data-passkey-refused]").content.textContent; });
  });
}
