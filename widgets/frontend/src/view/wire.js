// Jupyter's messages as they travel on a kernel's websocket: JSON, or JSON and buffers behind a table of offsets.

import { uuid } from "@jupyter-widgets/base";

export const SESSION = uuid();

export function message(msg_type, content, { metadata = {}, buffers = [] } = {}) {
  const header = { msg_id: uuid(), msg_type, session: SESSION, username: "", date: new Date().toISOString(), version: "5.3" };
  return { header, parent_header: {}, metadata, content, channel: "shell", buffers };
}

function bytes(buffer) {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
}

export function packed({ buffers, ...rest }) {
  if (!buffers.length) return JSON.stringify({ ...rest, buffers: [] });
  const parts = [new TextEncoder().encode(JSON.stringify(rest)), ...buffers.map(bytes)];
  const head = new DataView(new ArrayBuffer(4 * (parts.length + 1)));
  head.setUint32(0, parts.length);
  let offset = head.byteLength;
  parts.forEach((part, place) => {
    head.setUint32(4 * (place + 1), offset);
    offset += part.byteLength;
  });
  return new Blob([head, ...parts]);
}

export function unpacked(data) {
  if (typeof data === "string") return JSON.parse(data);
  const view = new DataView(data);
  const starts = Array.from({ length: view.getUint32(0) }, (_, place) => view.getUint32(4 * (place + 1)));
  const part = (place) => new DataView(data, starts[place], (starts[place + 1] ?? data.byteLength) - starts[place]);
  return { ...JSON.parse(new TextDecoder().decode(part(0))), buffers: starts.slice(1).map((_, place) => part(place + 1)) };
}
