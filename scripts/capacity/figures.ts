import { existsSync } from "node:fs"
import { join } from "node:path"
import { read, root } from "../repository.ts"

/** A measured figure and where it comes from. */
export interface Figure {
  readonly value: number
  readonly unit: string
  readonly source: string
  /** `2026-11-25` */
  readonly date: string
}

/** What the computation needs: µs and bytes, but for logins a second. */
const needed = [
  "loginServerCpuPostgres",
  "loginDatabaseCpuPostgres",
  "loginDatabaseCpuAlone",
  "refreshServerCpuPostgres",
  "refreshDatabaseCpuPostgres",
  "refreshDatabaseCpuAlone",
  "loginsPerSecondSqlite",
  "checkServerCpu",
  "firstCheckCpu",
  "rememberedTokenBytes",
  "sessionBytesPostgres",
  "personBytesPostgres",
  "auditEventBytesPostgres",
  "loginWal",
  "loginWalAfterCheckpoint",
  "refreshWal",
  "refreshWalAfterCheckpoint",
] as const

export type FigureName = (typeof needed)[number]
export type Measured = Readonly<Record<FigureName, Figure>>

/** Written by `npm run capacity -- --measure`. */
export const measuredMore = "docs/measured-more.json"

/**
 * Where figures are, the better one first: what the bench has written, what is measured here besides, and for what neither has the prototypes
 * from before there was a product.
 */
export const measuredFiles = ["docs/measured.json", measuredMore, "docs/measured-prototypes.json"] as const

interface MeasuredFile {
  readonly source: string
  readonly date: string
  readonly figures: Readonly<
    Record<string, { readonly value: number; readonly unit: string; readonly source?: string }>
  >
}

/** @throws Error that names the figure that no file has */
export function readFigures(files: readonly string[] = measuredFiles): Measured {
  const contents = files
    .filter(file => existsSync(join(root, file)))
    .map(file => JSON.parse(read(file)) as MeasuredFile)
  return Object.fromEntries(
    needed.map(name => {
      const file = contents.find(({ figures }) => figures[name] !== undefined)
      if (file === undefined) throw new Error(`none of ${files.join(", ")} has ${name}`)
      return [name, { source: file.source, date: file.date.slice(0, 10), ...file.figures[name] }]
    }),
  ) as Measured
}
