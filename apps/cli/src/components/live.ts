// Whether something may move on the screen, or is told in plain lines.
let isPlain = false;

/** From now on everything is told in plain lines (--plain). */
export function speakPlainly(): void {
  isPlain = true;
}

/** Whether a stream is a terminal that lines may be written over on. */
export function isLive(stream: Pick<NodeJS.WriteStream, "isTTY">): boolean {
  return stream.isTTY && !process.env["CI"] && !isPlain;
}
