// Protocol Buffers' wire format, as much of it as an ONNX file needs: messages, strings, whole numbers and bytes.
//
// A field is a key (field number * 8 + wire type) and a value: a varint (type 0) or a length and that many bytes (type 2). A varint holds
// 7 bits a byte, lowest first, and the top bit of all but the last byte set.
//
// @see https://protobuf.dev/programming-guides/encoding

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** An encoded stretch of a message, in pieces that are joined once, at the end. */
export type Fields = readonly Uint8Array[];

/** A field that is a whole number, 0 .. 2^53 - 1. */
export function wholeField(field: number, value: number): Fields {
  return [varint(field * 8 + VARINT), varint(value)];
}

/** A field that is a string, in UTF-8. */
export function textField(field: number, value: string): Fields {
  return bytesField(field, new TextEncoder().encode(value));
}

/** A field that is bytes. They are not copied until `joined`. */
export function bytesField(field: number, bytes: Uint8Array): Fields {
  return messageField(field, [bytes]);
}

/** A field that is a message of its own. */
export function messageField(field: number, content: Fields): Fields {
  return [varint(field * 8 + LENGTH_DELIMITED), varint(lengthOf(content)), ...content];
}

/** The whole message. */
export function joined(content: Fields): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(lengthOf(content));
  let at = 0;
  for (const part of content) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function lengthOf(content: Fields): number {
  return content.reduce((sum, part) => sum + part.length, 0);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.from([...bytes, rest]);
}
