import { useRef, useState, type DragEvent, type ReactNode } from "react";
import { filesOfDrop, filesOfInput, type Dropped } from "./dropped-files.ts";

/** A place to drop files on, with buttons that do the same by keyboard. */
export function DropZone({
  label,
  accept,
  withFolders = false,
  isSmall = false,
  isBusy = false,
  onFiles,
  children,
}: {
  /** What the file chooser is for, such as "scan". */
  readonly label: string;
  readonly accept?: string;
  readonly withFolders?: boolean;
  readonly isSmall?: boolean;
  readonly isBusy?: boolean;
  readonly onFiles: (dropped: Dropped) => void;
  readonly children?: ReactNode;
}) {
  const [isOver, setIsOver] = useState(false);
  const fileInput = useRef<HTMLInputElement>(null);
  const folderInput = useRef<HTMLInputElement>(null);
  const take = (dropped: Dropped | null) => dropped && onFiles(dropped);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    if (!isBusy) void filesOfDrop(event.dataTransfer).then(take);
  };
  return (
    <div
      className={`drop-zone${isSmall ? " small" : ""}${isOver ? " is-over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      {children}
      <div className="row">
        <button type="button" disabled={isBusy} onClick={() => fileInput.current?.click()}>
          Choose {isSmall ? label : "files"}
        </button>
        {withFolders && (
          <button type="button" disabled={isBusy} onClick={() => folderInput.current?.click()}>
            Choose a folder
          </button>
        )}
      </div>
      <input
        ref={fileInput}
        type="file"
        hidden
        multiple={withFolders}
        accept={accept}
        aria-label={`Files of the ${label}`}
        onChange={(event) => {
          take(filesOfInput(event.target.files!));
          event.target.value = "";
        }}
      />
      {withFolders && (
        <input
          ref={folderInput}
          type="file"
          hidden
          aria-label={`Folder of the ${label}`}
          {...{ webkitdirectory: "" }}
          onChange={(event) => {
            take(filesOfInput(event.target.files!));
            event.target.value = "";
          }}
        />
      )}
    </div>
  );
}
