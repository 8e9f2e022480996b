import { readFileSync, realpathSync, statSync } from "node:fs"
import { isAbsolute, join, sep } from "node:path"

/** What a result was made from: each file with its state then. */
type Seen = Map<string, string>

interface Remembered {
  readonly value: unknown
  readonly seen: Seen
}

const absent = "-"
const folder = "d"

/**
 * The mini program's files, by path from its root, and what was made of them. A result is made again only if a file
 * that was looked at for it has changed, appeared or gone. Paths of npm packages lead to where the package is.
 */
export class SourceTree {
  readonly root: string
  readonly #mounts = new Map<string, string>()
  /** States of files since `refresh`. */
  readonly #states = new Map<string, string>()
  readonly #texts = new Map<string, { readonly state: string; readonly text: string }>()
  readonly #inside = new Map<string, { readonly state: string; readonly inside: boolean }>()
  readonly #remembered = new Map<string, Remembered>()
  readonly #seeing: Seen[] = []
  readonly #homes: string[]

  /** @param project what links may lead into: the project's folder, in which the mini program's root is */
  constructor(root: string, project = root) {
    this.root = root
    this.#homes = [realOnDisk(project)]
  }

  /** Forgets how the files were: the next look goes to the disk. */
  refresh(): void {
    this.#states.clear()
  }

  /** Lets paths under `path` lead into a folder of the disk. */
  mount(path: string, absolute: string): void {
    if (this.#mounts.get(path) === absolute) return
    this.#mounts.set(path, absolute)
    this.#homes.push(realOnDisk(absolute))
    this.#states.clear()
    this.#inside.clear()
  }

  /** The nearest package above a path: its path, and its folder on the disk. */
  mountAbove(path: string): { readonly path: string; readonly absolute: string } | undefined {
    for (let at = path; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
      const absolute = this.#mounts.get(at)
      if (absolute !== undefined) return { path: at, absolute }
    }
    return undefined
  }

  /** Where a path is on the disk. An absolute path is itself. */
  absolute(path: string): string {
    if (isAbsolute(path)) return path
    const mount = this.mountAbove(path)
    return mount === undefined ? join(this.root, path) : join(mount.absolute, path.slice(mount.path.length))
  }

  isFile(path: string): boolean {
    const state = this.#look(path)
    return state !== absent && state !== folder
  }

  isFolder(path: string): boolean {
    return this.#look(path) === folder
  }

  /** A file's text; `null` if there is none. */
  text(path: string): string | null {
    const absolute = this.absolute(path)
    const state = this.#look(path)
    if (state === absent || state === folder) return null
    const known = this.#texts.get(absolute)
    if (known?.state === state) return known.text
    const text = textOnDisk(absolute)
    if (text !== null) this.#texts.set(absolute, { state, text })
    return text
  }

  /** What `make` answers, or answered when the files it looked at were as they are now. */
  remember<T>(kind: string, path: string, make: () => T): T {
    const key = `${kind}\n${path}\n${this.absolute(path)}`
    const known = this.#remembered.get(key)
    if (known !== undefined && [...known.seen].every(([file, state]) => this.#state(file) === state)) {
      this.#note(known.seen)
      return known.value as T
    }
    const seen: Seen = new Map()
    this.#seeing.push(seen)
    try {
      const value = make()
      this.#remembered.set(key, { value, seen })
      return value
    } finally {
      this.#seeing.pop()
      this.#note(seen)
    }
  }

  #look(path: string): string {
    const absolute = this.absolute(path)
    const state = this.#state(absolute)
    this.#seeing.at(-1)?.set(absolute, state)
    return state
  }

  #note(seen: Seen): void {
    const outer = this.#seeing.at(-1)
    if (outer !== undefined) for (const [file, state] of seen) outer.set(file, state)
  }

  #state(absolute: string): string {
    const known = this.#states.get(absolute)
    if (known !== undefined) return known
    const onDisk = stateOnDisk(absolute)
    const state = onDisk === absent || this.#isInside(absolute, onDisk) ? onDisk : absent
    this.#states.set(absolute, state)
    return state
  }

  /** A link may lead anywhere, as to a key of the person who opens somebody's mini program. */
  #isInside(absolute: string, state: string): boolean {
    // A package's folder is often a link, and is a home only once its package.json has been read.
    if (state === folder || /[/\\]node_modules[/\\].*[/\\]package\.json$/.test(absolute)) return true
    const known = this.#inside.get(absolute)
    if (known?.state === state) return known.inside
    const real = realOnDisk(absolute)
    const inside = this.#homes.some(
      home => home !== "" && real.startsWith(home.endsWith(sep) ? home : home + sep),
    )
    this.#inside.set(absolute, { state, inside })
    return inside
  }
}

/** `null` if it is gone meanwhile, or may not be read. */
function textOnDisk(absolute: string): string | null {
  try {
    return readFileSync(absolute, "utf8").replace(/^\uFEFF/, "")
  } catch {
    return null
  }
}

function realOnDisk(absolute: string): string {
  try {
    return realpathSync(absolute)
  } catch {
    return ""
  }
}

function stateOnDisk(absolute: string): string {
  try {
    const stats = statSync(absolute, { bigint: true, throwIfNoEntry: false })
    if (stats === undefined) return absent
    if (stats.isDirectory()) return folder
    return stats.isFile() ? `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}` : absent
  } catch {
    // A path no disk can have, such as one with a NUL, or one that may not be looked at.
    return absent
  }
}
