// The errors of this package. They carry the names of the whole product, so whoever catches them tests `error.name`.

/** A function was called with arrays that do not fit together; the remedy is to mend the call. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** The machine lacks something: an adapter, a limit, memory; or it lost its device. */
export class DeviceError extends Error {
  override readonly name = "DeviceError";
}

/** A weights file cannot be used; the remedy is to mend or replace it. */
export class IntakeError extends Error {
  override readonly name = "IntakeError";
  /** The file at fault, as the user named it. */
  readonly file: string;
  constructor(file: string, message: string, options?: ErrorOptions) {
    super(`${file}: ${message}`, options);
    this.file = file;
  }
}
