/** An error of this door that says its remedy by name, as the pipeline's do: ConfigError (what was asked) or DeviceError (the machine). */
export class RoomError extends Error {
  override readonly name: "ConfigError" | "DeviceError";
  constructor(name: "ConfigError" | "DeviceError", message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}
