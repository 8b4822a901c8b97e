// A worker boundary keeps name, message and stack but not the class, so code on the far side tests `error.name`.

/** A kernel was called with arrays that do not fit together; the remedy is to mend the call. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** The machine lacks something: memory, or a WebAssembly feature. */
export class DeviceError extends Error {
  override readonly name = "DeviceError";
}
