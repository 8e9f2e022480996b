import type { Bilingual } from "../http/problem-entry.ts"

/** What a check of `denglu doctor` found; what is not well says what to do. */
export interface Finding {
  readonly check: string
  readonly ok: boolean
  readonly says: Bilingual
}
