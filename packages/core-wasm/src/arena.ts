// Scratch memory inside the wasm module, freed by scope; and kept memory below it, which is never freed.
import { DeviceError } from "./errors.ts";

/** The arrays that can lie in wasm memory. */
export type Elements = Float32Array | Float64Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

/** The constructor of an array type. */
export interface ElementsOf<T extends Elements> {
  readonly BYTES_PER_ELEMENT: number;
  readonly name: string;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): T;
}

/** A stretch of wasm memory: an address, a type and a length. It holds no view, because growing the memory detaches every view. */
export class Slot<T extends Elements> {
  /** Address of the first element, in bytes, 0 .. 2^32 - 1. */
  readonly ptr: number;
  /** Number of elements. */
  readonly length: number;
  readonly #memory: WebAssembly.Memory;
  readonly #type: ElementsOf<T>;

  constructor(memory: WebAssembly.Memory, type: ElementsOf<T>, ptr: number, length: number) {
    this.#memory = memory;
    this.#type = type;
    this.ptr = ptr;
    this.length = length;
  }

  /** A fresh view for immediate use; the next allocation may detach it. */
  view(): T {
    return new this.#type(this.#memory.buffer, this.ptr, this.length);
  }

  /** The elements as an array of their own, outside wasm memory. */
  copy(): T {
    return this.view().slice() as T;
  }
}

const PAGE = 65536;
/** The last page stays free, so that the end of an allocation never wraps round to address 0. */
const LIMIT = 2 ** 32 - PAGE;
/** Allocations begin on a cache line. */
const ALIGN = 64;

const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(2)} GiB`;

/** The one owner of the module's memory above `heapBase`. */
export class Arena {
  readonly #memory: WebAssembly.Memory;
  #top: number;
  #depth = 0;

  constructor(memory: WebAssembly.Memory, heapBase: number) {
    this.#memory = memory;
    this.#top = heapBase;
  }

  /** First free address. */
  get top(): number {
    return this.#top;
  }

  /** Runs `body`, then frees everything it allocated, also when it throws. Scopes nest. */
  scope<R>(body: () => R): R {
    const mark = this.#top;
    this.#depth++;
    try {
      return body();
    } finally {
      this.#depth--;
      this.#top = mark;
    }
  }

  /** A copy of `data` in wasm memory, until the scope ends. */
  from<T extends Elements>(type: ElementsOf<T>, data: T): Slot<T> {
    const slot = this.empty(type, data.length);
    (slot.view() as { set(source: ArrayLike<number>): void }).set(data);
    return slot;
  }

  /** `length` zeros, until the scope ends. */
  zeros<T extends Elements>(type: ElementsOf<T>, length: number): Slot<T> {
    const slot = this.empty(type, length);
    slot.view().fill(0);
    return slot;
  }

  /** Room for `length` elements whose content is whatever was there before, until the scope ends. */
  empty<T extends Elements>(type: ElementsOf<T>, length: number): Slot<T> {
    if (this.#depth === 0)
      throw new Error("Arena: scratch memory is allocated inside arena.scope(...); use arena.keep for what has to outlive it");
    return this.#allocate(type, length);
  }

  /**
   * Room for `length` elements (content undefined) that lives as long as the module, such as a network's weights.
   * Only outside every scope: what a scope allocated lies above it and would otherwise be freed together with it.
   */
  keep<T extends Elements>(type: ElementsOf<T>, length: number): Slot<T> {
    if (this.#depth > 0)
      throw new Error("Arena: keep is called outside every scope, because the end of a scope frees all that was allocated in it");
    return this.#allocate(type, length);
  }

  #allocate<T extends Elements>(type: ElementsOf<T>, length: number): Slot<T> {
    const bytes = length * type.BYTES_PER_ELEMENT;
    const ptr = Math.ceil(this.#top / ALIGN) * ALIGN;
    const end = ptr + bytes;
    if (end > LIMIT) {
      throw new DeviceError(
        `wasm memory: ${gibibytes(bytes)} were asked for with ${gibibytes(ptr)} in use, but a WebAssembly memory holds 4 GiB. Crop the volume to the region of interest first, or use a coarser grid.`,
      );
    }
    this.#grow(end);
    this.#top = end;
    return new Slot(this.#memory, type, ptr, length);
  }

  #grow(end: number): void {
    const missing = end - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.#memory.grow(Math.ceil(missing / PAGE));
    } catch (cause) {
      throw new DeviceError(
        `wasm memory: the machine did not give ${gibibytes(missing)} more (${gibibytes(this.#memory.buffer.byteLength)} are held). Close other programs, run fewer workers, or crop the volume to the region of interest.`,
        { cause },
      );
    }
  }
}
