// The errors of this package. They carry the names of the whole product, so whoever catches them tests `error.name`.

/** A function was called with arrays that do not fit together; the remedy is to mend the call. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** The machine lacks something: an adapter, a limit, memory; or it lost its device. */
export class DeviceError extends Error {
  override readonly name = "DeviceError";
}

/**
 * There is no WebGPU to use here. The network runs in WebAssembly too, so that is offered as a way out; a tuning measures the adapter itself, and is
 * told the remedy alone.
 *
 * @param tunes  whether the adapter was wanted to be measured
 */
export function noWebGpu(fact: string, remedy: string, tunes: boolean, options?: ErrorOptions): DeviceError {
  return new DeviceError(`webgpu: ${fact}; ${tunes ? "" : "use --backend wasm or "}${remedy}`, options);
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
