// The keys, one after the other: each is heard by the screen as the key before has left it, however fast they come.
import { useInput, type Key } from "ink";
import { createContext, useContext, useLayoutEffect, useState, type ReactNode } from "react";

/** Hears a key. */
export type KeyHandler = (input: string, key: Key) => void;

/** Hands keys to whoever listens. */
interface Keyboard {
  press: KeyHandler;
  listen(handler: KeyHandler): void;
}

/** A keyboard whose next key waits until what the last one changed has been drawn. */
function createKeyboard(): Keyboard {
  const waiting: { readonly input: string; readonly key: Key }[] = [];
  let handler: KeyHandler = () => {};
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
      waiting.push({ input, key });
      if (!isBusy) next();
    },
    listen(to) {
      handler = to;
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

/** Hears keys from now on, in the place of who did before. */
export function useKeys(handler: KeyHandler): void {
  const keyboard = useContext(KeyboardContext);
  useLayoutEffect(() => keyboard?.listen(handler));
}
