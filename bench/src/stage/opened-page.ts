/** What became of one page. */
export interface OpenedPage {
  readonly path: string
  /** The exceptions, without repetition; none for a page that opened well. */
  readonly thrown: readonly string[]
  /** Milliseconds from a fresh document to the opened page; `null` if it never answered. */
  readonly bootMs: number | null
}
