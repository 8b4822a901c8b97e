/** First address that the module itself does not use; the host's arena begins here. */
export function heapBase(): usize {
  return __heap_base;
}
