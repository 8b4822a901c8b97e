// The keys, one after the other: each is heard by the screen as the key before has left it, however fast they come.
import { useInput, type Key } from "ink";
import { createContext, useContext, useLayoutEffect, useState, type ReactNode } from "react";

/** Hears a key. */
export type KeyHandler = (input: string, key: Key) => void;

/** Hands keys to whoever listens. */
interface Keyboard {
  press: KeyHandler;
  /** `takesText`: whether letters that come at once, as from a paste, stay together. */
  listen(handler: KeyHandler, takesText: boolean): void;
}

/** A keyboard whose next key waits until what the last one changed has been drawn. */
function createKeyboard(): Keyboard {
  const waiting: { readonly input: string; readonly key: Key }[] = [];
  let handler: KeyHandler = () => {};
  let isWhole = false;
  let isBusy = false;
  const next = () => {
    const pressed = waiting.shift();
    isBusy = pressed !== undefined;
    if (!pressed) return;
    handler(pressed.input, pressed.key);
    // React draws in the turn after the change.
    setImmediate(() => setImmediate(next));
  };
  return {
    press(input, key) {
      // A text and the enter or tab after it may come at once.
      const parts = input.length < 2 ? [input] : isWhole ? input.split(/([\r\t])/).filter(Boolean) : [...input];
      waiting.push(
        ...parts.map((part) => ({
          input: /^[\r\t]$/.test(part) ? "" : part,
          key: { ...key, return: key.return || part === "\r", tab: key.tab || part === "\t" },
        })),
      );
      if (!isBusy) next();
    },
    listen(to, takesText) {
      handler = to;
      isWhole = takesText;
    },
  };
}

const KeyboardContext = createContext<Keyboard | null>(null);

/** Listens to the keys for everything below it. */
export function KeyboardProvider({ children }: { readonly children: ReactNode }) {
  const [keyboard] = useState(createKeyboard);
  useInput(keyboard.press);
  return <KeyboardContext value={keyboard}>{children}</KeyboardContext>;
}

/**
 * Hears keys from now on, in the place of who did before.
 *
 * @param takesText  whether letters that come at once, as from a paste, are one text; else they are keys one after the other
 */
export function useKeys(handler: KeyHandler, takesText: boolean): void {
  const keyboard = useContext(KeyboardContext);
  useLayoutEffect(() => keyboard?.listen(handler, takesText));
}
