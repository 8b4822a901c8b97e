// What the module exports, one block for each file in assembly/. Addresses are bytes; a kernel returns nothing unless its header says so.

/** The module's functions and its memory. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;

  // memory
  heapBase(): number;
}
