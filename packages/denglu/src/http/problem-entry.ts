/** A text in the two languages we answer in. */
export interface Bilingual {
  readonly en: string
  readonly zh: string
}

export interface ProblemEntry {
  readonly status: number
  readonly title: Bilingual
  /** What a developer can do about it. */
  readonly remedy: Bilingual
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable?: boolean
  readonly clientAction?: "new_code" | "refresh" | "relogin" | "wait"
}

/** For what passes by itself. */
export const later = { retryable: true, clientAction: "wait" } as const
