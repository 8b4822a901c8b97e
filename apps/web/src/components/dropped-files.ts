// What was dropped or chosen, as files with their paths.

/** A file as the page holds it: nothing is read until a worker needs it. */
export interface NamedFile {
  /** Path relative to what was dropped, with "/" between the parts. */
  readonly name: string;
  readonly file: File;
}

/** Everything that was dropped together. */
export interface Dropped {
  /** The folder's or file's name, for messages. */
  readonly name: string;
  readonly files: readonly NamedFile[];
}

/** The files of a drop, with all that lies in dropped folders. Call it in the event itself: the browser empties the list afterwards. */
export async function filesOfDrop(transfer: DataTransfer): Promise<Dropped | null> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const files = (await Promise.all(entries.map((entry) => below(entry, "")))).flat();
  return named(files, entries.length === 1 ? entries[0]!.name : null);
}

/** The files of an `<input type="file">`, of a folder or not. */
export function filesOfInput(list: FileList): Dropped | null {
  const files = [...list].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
  const [folder] = files[0]?.name.includes("/") ? files[0].name.split("/") : [null];
  return named(files, folder ?? null);
}

function named(files: readonly NamedFile[], only: string | null): Dropped | null {
  if (files.length === 0) return null;
  const name = only ?? (files.length === 1 ? files[0]!.name : `${files.length} files`);
  // Inside a folder that was dropped by itself, names begin below it.
  const inside = files.every((file) => file.name.startsWith(`${name}/`));
  return { name, files: inside ? files.map((file) => ({ ...file, name: file.name.slice(name.length + 1) })) : files };
}

async function below(entry: FileSystemEntry, folder: string): Promise<NamedFile[]> {
  const name = folder + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ name, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: NamedFile[] = [];
  // A reader hands out a hundred at a time, and nothing when it has done.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    found.push(...(await Promise.all(some.map((one) => below(one, `${name}/`)))).flat());
  }
}
