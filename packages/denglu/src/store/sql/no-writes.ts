/** What to do about a database that takes no writes; comes after what the database says. */
export const noWritesRemedy =
  "the database takes no writes. Name the primary in DENGLU_STORE, or let this one write again"
