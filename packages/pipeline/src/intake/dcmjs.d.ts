// What we use of dcmjs, which comes without types.
declare module "dcmjs" {
  /** Attributes by keyword; what a file holds is unknown until checked. */
  export type Naturalized = Record<string, unknown>;

  interface TagDictionary {
    readonly [tag: string]: { readonly vr: string; readonly Value: unknown[] };
  }

  interface Logger {
    setLevel(level: "silent", persist: boolean): void;
    getLogger(name: string): Logger;
  }

  const dcmjs: {
    readonly log: Logger;
    readonly data: {
      readonly DicomMessage: {
        readFile(buffer: ArrayBufferLike, options: { ignoreErrors: boolean; untilTag?: string; includeUntilTagValue?: boolean }): DicomDict;
      };
      readonly DicomMetaDictionary: {
        naturalizeDataset(dataset: TagDictionary): Naturalized;
        denaturalizeDataset(dataset: Naturalized): TagDictionary;
      };
      readonly DicomDict: new (meta: TagDictionary) => DicomDict;
    };
  };
  export interface DicomDict {
    readonly meta: TagDictionary;
    dict: TagDictionary;
    write(): ArrayBuffer;
  }
  export default dcmjs;
}
