/** Milliseconds since 1970. Handed in everywhere, so that tests move it instead of sleeping. */
export type Clock = () => number
