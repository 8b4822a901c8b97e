// The shape of the Emscripten module that dcm2niix is built as.

/** What we use of the Emscripten module. */
export interface Dcm2niixModule {
  readonly FS: {
    mkdir(path: string): void;
    writeFile(path: string, data: Uint8Array): void;
    readFile(path: string): Uint8Array;
    readdir(path: string): string[];
  };
  callMain(args: string[]): number;
}

/** The module's constructor. */
export type Dcm2niixFactory = (overrides: {
  print(line: string): void;
  printErr(line: string): void;
  instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => unknown): Promise<unknown>;
}) => Promise<Dcm2niixModule>;
