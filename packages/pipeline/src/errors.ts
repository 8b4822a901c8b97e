// Every error is for a person holding a scan: where, what was expected, what came, and the way out.
// A worker boundary keeps name, message and stack but not the class, so code on the far side tests `error.name`.

/** An input file cannot be used; the remedy is to mend or replace the file. */
export class IntakeError extends Error {
  override readonly name = "IntakeError";
  /** The file or folder at fault, as the user named it; never a patient's name. */
  readonly file: string;
  constructor(file: string, message: string, options?: ErrorOptions) {
    super(`${file}: ${message}`, options);
    this.file = file;
  }
}

/** The study, a table or a command line asks for something that cannot be; the remedy is to mend the configuration. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** Where in the configuration: a file with row and column, a key of the study, an option. */
  readonly where: string;
  constructor(where: string, message: string, options?: ErrorOptions) {
    super(`${where}: ${message}`, options);
    this.where = where;
  }
}

/** A function was called with arrays that do not fit together; the remedy is to mend the call. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** The machine lacks something: an adapter, memory, room on the disk, a right to write. */
export class DeviceError extends Error {
  override readonly name = "DeviceError";
}
