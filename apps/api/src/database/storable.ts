/**
 * A value as jsonb and text columns take it: NUL and halves of surrogate pairs, which PostgreSQL refuses, become U+FFFD. Such characters come from damaged
 * files and hostile requests alone.
 */
export function storable<T>(value: T): T {
  const text = JSON.stringify(value);
  // Well-formed JSON.stringify writes both as escapes; an escaped backslash in front means that it is text about an escape.
  const mended = text.replaceAll(/\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g, (escape) => (escape === "\\\\" ? escape : "\\ufffd"));
  return mended === text ? value : (JSON.parse(mended) as T);
}
