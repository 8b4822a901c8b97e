/** A value that survives JSON unchanged: what is cached, sent between workers and bundled. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
