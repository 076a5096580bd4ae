// Jupyter's messages as they travel on a kernel's websocket: the parts of a message one behind the other, after
// a table of where each begins and the last one ends (numbers of 8 bytes, the smallest byte first).
//
// This newer framing is the one to speak with Voila: it takes the head of any binary frame for this table.

import { uuid } from "@jupyter-widgets/base";

export const PROTOCOL = "v1.kernel.websocket.jupyter.org";
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

export function packed({ channel, header, parent_header, metadata, content, buffers }) {
  const text = new TextEncoder();
  const json = [header, parent_header, metadata, content].map((part) => text.encode(JSON.stringify(part)));
  const parts = [text.encode(channel), ...json, ...buffers.map(bytes)];
  const start = 8 * (parts.length + 2);
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, start));
  const head = new DataView(whole.buffer);
  head.setBigUint64(0, BigInt(parts.length + 1), true);
  let offset = start;
  parts.forEach((part, place) => {
    head.setBigUint64(8 * (place + 1), BigInt(offset), true);
    whole.set(part, offset);
    offset += part.byteLength;
  });
  head.setBigUint64(8 * (parts.length + 1), BigInt(offset), true);
  return whole;
}

export function unpacked(data) {
  const view = new DataView(data);
  const at = (place) => Number(view.getBigUint64(8 * place, true));
  const [, ...parts] = Array.from({ length: at(0) - 1 }, (_, place) => new DataView(data, at(place + 1), at(place + 2) - at(place + 1)));
  const json = parts.splice(0, 4).map((part) => JSON.parse(new TextDecoder().decode(part)));
  const [header, parent_header, metadata, content] = json;
  return { msg_type: header.msg_type, header, parent_header, metadata, content, buffers: parts };
}
