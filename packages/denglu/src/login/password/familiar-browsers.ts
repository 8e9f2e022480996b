import type { Clock } from "../../clock.ts"
import type { Sealer } from "../../session/sealer.ts"

/**
 * Browsers in which a user has logged in by password before. Each was given a mark then, and has tries of its own from then on: so nobody
 * elsewhere can use up its person's ("device cookies": OWASP, Slow Down Online Guessing Attacks with Device Cookies).
 *
 * A mark opens nothing. It is sealed, so that nobody can make one or read whose it is; a browser has up to five, for as many people.
 */
export interface FamiliarBrowsers {
  /** Which of the marks is this user's, as a name that is the same each time; `undefined` if none is. */
  find(marks: string | undefined, userId: string): string | undefined
  /** The browser's marks from now on: a new one of this user's before those of others. */
  add(marks: string | undefined, userId: string): string
}

/** How long (ms) a mark counts. */
export const markLife = 180 * 86_400_000
/** Those who share a browser. Who has not logged in for longest is forgotten. */
const mostMarks = 5
/** A mark is about 130 characters. */
const longest = 1_500

const binding = "familiar browser"

export function createFamiliarBrowsers({ seal, open, fingerprint }: Sealer, clock: Clock): FamiliarBrowsers {
  /** Those that count, the latest first. */
  function read(marks: string | undefined): { readonly mark: string; readonly userId: string }[] {
    if (marks === undefined || marks.length > longest) return []
    return marks
      .split(".")
      .slice(0, mostMarks)
      .flatMap(mark => {
        try {
          const [userId, until] = JSON.parse(open(binding, mark)) as [string, number]
          return until > clock() ? [{ mark, userId }] : []
        } catch {
          return []
        }
      })
  }

  return {
    find(marks, userId) {
      const own = read(marks).find(known => known.userId === userId)
      return own && fingerprint(own.mark)
    },
    add(marks, userId) {
      const others = read(marks).filter(known => known.userId !== userId)
      const mark = seal(binding, JSON.stringify([userId, clock() + markLife]))
      return [mark, ...others.map(other => other.mark)].slice(0, mostMarks).join(".")
    },
  }
}
