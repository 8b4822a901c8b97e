// Fields one below the other: moving between them, completing paths.
import { useState } from "react";
import type { Key } from "ink";
import { edited, fieldText, type FieldText } from "../components/field.tsx";
import { useDoor } from "./route.ts";
import { useDraft } from "./use.ts";

/** A form's texts by the names of its fields, and which one is being filled in. */
export interface Form {
  readonly texts: Readonly<Record<string, FieldText>>;
  readonly focus: string;
  /** What a path could go on with, after a tab that left several ways. */
  readonly ways: readonly string[];
  text(name: string): string;
  set(name: string, text: string): void;
  /** Takes a key where it is the form's: letters, arrows, tab. Says whether it was. */
  onKey(input: string, key: Key): boolean;
}

/**
 * A form whose texts outlive the screen.
 *
 * @param draft   what they are remembered under
 * @param fields  names in order
 * @param paths   which of them are paths, which the tab key completes
 */
export function useForm(draft: string, fields: readonly string[], paths: readonly string[], onEdit: () => void): Form {
  const { engine } = useDoor();
  const [texts, setTexts] = useDraft<Readonly<Record<string, FieldText>>>(draft, {});
  const [focusName, setFocus] = useDraft(`${draft} focus`, fields[0]!);
  const [ways, setWays] = useState<readonly string[]>([]);
  const focus = fields.includes(focusName) ? focusName : fields[0]!;
  const text = (name: string) => texts[name]?.text ?? "";
  const put = (name: string, value: FieldText) => setTexts({ ...texts, [name]: value });
  const step = (by: number) => setFocus(fields[(fields.indexOf(focus) + by + fields.length) % fields.length]!);
  const complete = async () => {
    const typed = text(focus);
    const found = await engine.complete(typed);
    const longest = commonStart(found);
    if (longest.length > typed.length) {
      put(focus, fieldText(longest));
      onEdit();
    }
    setWays(found.length > 1 ? found : []);
  };
  return {
    texts,
    focus,
    ways,
    text,
    set: (name, value) => put(name, fieldText(value)),
    onKey(input, key) {
      if (key.tab && !key.shift && paths.includes(focus) && text(focus) !== "") {
        void complete();
        return true;
      }
      if (key.upArrow || key.downArrow || key.tab) {
        step(key.upArrow || (key.tab && key.shift) ? -1 : 1);
        return true;
      }
      const next = edited(texts[focus] ?? fieldText(""), input, key);
      if (!next) return false;
      put(focus, next);
      setWays([]);
      if (next.text !== text(focus)) onEdit();
      return true;
    },
  };
}

/** What all texts begin with; empty where there are none. */
function commonStart(texts: readonly string[]): string {
  return texts.reduce((start, text) => {
    let n = 0;
    while (n < start.length && start[n] === text[n]) n++;
    return start.slice(0, n);
  }, texts[0] ?? "");
}
